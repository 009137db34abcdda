import type { JSX, ReactNode } from "react";
import type { Tone } from "../format/words.ts";
import { Badge } from "./badge.tsx";
import { Card } from "./card.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Page } from "./page.tsx";
import { SkeletonText } from "./skeleton.tsx";

interface DetailPageProps<T> {
  /** What a read hook of `@agent-learning/react` gives. */
  read: { data: T | undefined; error: unknown; refetch: () => unknown };
  /** What it is called until it is read. */
  kind: string;
  title: (data: T) => string;
  trail?: ReactNode;
  lead?: (data: T) => ReactNode;
  actions?: (data: T) => ReactNode;
  children: (data: T) => ReactNode;
}

/** A page about one thing: its name and a sentence at once where they are known, the rest when it is read. */
export function DetailPage<T>({
  read,
  kind,
  title,
  trail,
  lead,
  actions,
  children,
}: DetailPageProps<T>): JSX.Element {
  const { data, error, refetch } = read;
  return (
    <Page
      title={data === undefined ? kind : title(data)}
      trail={trail}
      lead={lead === undefined ? undefined : data === undefined ? " " : lead(data)}
      actions={data === undefined ? undefined : actions?.(data)}
    >
      {error === null || data !== undefined ? null : <ErrorNote error={error} retry={() => void refetch()} />}
      {data !== undefined ? (
        children(data)
      ) : error === null ? (
        <Card>
          <SkeletonText lines={12} />
        </Card>
      ) : null}
    </Page>
  );
}

/** A state in a word and a sentence that says what it means. */
export function StateLead({
  tone,
  word,
  children,
}: {
  tone: Tone;
  word: ReactNode;
  children: ReactNode;
}): JSX.Element {
  return (
    <span className="row">
      <Badge tone={tone}>{word}</Badge>
      <span className="grow">{children}</span>
    </span>
  );
}
