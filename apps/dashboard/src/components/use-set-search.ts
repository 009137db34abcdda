import { useNavigate } from "@tanstack/react-router";

/** Changes a part of the address's search, in place: a filter is no step to go back from. */
export function useSetSearch(): (change: Readonly<Record<string, unknown>>) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, ...change }),
      replace: true,
    });
}
