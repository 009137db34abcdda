import type { AnnotationQueueItem } from "@agent-learning/contract";
import type { CamelCased } from "@agent-learning/react/query";
import type { JSX, ReactNode } from "react";
import { RelativeTime } from "../../../../components/relative-time.tsx";
import { type Column, type ListState, RowTable } from "../../../../components/row-table.tsx";
import { humanise } from "../../../../format/words.ts";

type Item = CamelCased<AnnotationQueueItem>;

const COLUMNS: readonly Column<Item>[] = [
  { title: "Input", width: "minmax(0, 3fr)", render: ({ example }) => example.inputText },
  {
    title: "Answered",
    width: "minmax(0, 2fr)",
    wideOnly: true,
    render: ({ example }) => example.originalOutput ?? "",
  },
  { title: "Type", width: "112px", render: ({ example }) => humanise(example.exampleType) },
  { title: "Priority", width: "64px", align: "end", wideOnly: true, render: ({ priority }) => priority },
  {
    title: "Waiting since",
    width: "110px",
    align: "end",
    wideOnly: true,
    render: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
];

/** What waits, in the order in which it is given out. */
export function QueueTable({ list, empty }: { list: ListState<Item>; empty: ReactNode }): JSX.Element {
  return (
    <RowTable
      label="Annotation queue"
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ example }) => ({ to: "/examples/$exampleId", params: { exampleId: example.id } })}
      empty={empty}
    />
  );
}
