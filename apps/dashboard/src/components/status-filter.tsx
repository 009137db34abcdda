import type { JSX } from "react";
import { humanise } from "../format/words.ts";
import { Filter } from "./field.tsx";
import { useSetSearch } from "./use-set-search.ts";

/** Rows of one status only; the address keeps it as `?status=`. */
export function StatusFilter<T extends string>({
  value,
  statuses,
}: {
  value: T | undefined;
  /** Anything that has each status as its key. */
  statuses: Readonly<Record<T, unknown>>;
}): JSX.Element {
  const set = useSetSearch();
  return (
    <Filter
      label="Status"
      value={value}
      options={(Object.keys(statuses) as T[]).map((one) => [one, humanise(one)] as const)}
      onChange={(status) => set({ status })}
    />
  );
}
