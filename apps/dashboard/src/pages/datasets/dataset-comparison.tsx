import type { DatasetDiff, DatasetDifference } from "@agent-learning/contract";
import { type CamelCased, useDatasets, useLearningClient } from "@agent-learning/react/query";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { DatasetDetail } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice } from "../../components/field.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { count } from "../../format/numbers.ts";

const route = getRouteApi("/datasets/$datasetId");

/** What distinguishes this dataset from another of the agent, example by example. */
export function DatasetComparison({
  dataset,
  against,
}: {
  dataset: DatasetDetail;
  against: string | undefined;
}): JSX.Element {
  const navigate = route.useNavigate();
  const others =
    useDatasets(dataset.agentId, { limit: 100 }).data?.filter(({ id }) => id !== dataset.id) ?? [];
  const options = [
    ["", others.length === 0 ? "There is no other" : "Choose one"] as const,
    ...others.map((one) => [one.id, `${one.name} ${one.version} (${one.status})`] as const),
  ];
  return (
    <Card
      title="Compared with"
      aside={
        <Choice
          label="Dataset"
          value={against ?? ""}
          options={options}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, against: value === "" ? undefined : value }),
              replace: true,
            })
          }
        />
      }
    >
      {against === undefined ? (
        <p className="soft">
          Choose another dataset to see which examples came, went, changed or moved between splits.
        </p>
      ) : (
        <Difference datasetId={dataset.id} against={against} />
      )}
    </Card>
  );
}

const SIGNS: Record<DatasetDifference["change"], [sign: string, tone: string]> = {
  added: ["+", "good"],
  removed: ["−", "bad"],
  changed: ["~", "warn"],
  moved: ["⇄", "warn"],
};

function Difference({ datasetId, against }: { datasetId: string; against: string }): JSX.Element {
  const client = useLearningClient();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["dataset-comparison", datasetId, against],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ signal, pageParam }) =>
      (await client.request<DatasetDiff>("GET", `/datasets/${encodeURIComponent(datasetId)}/diff`, {
        query: { against, limit: 100, cursor: pageParam },
        signal,
      })) as CamelCased<DatasetDiff>,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const counts = data?.pages[0]?.counts;
  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined || counts === undefined) return <SkeletonText lines={5} />;
  return (
    <div className="stack">
      <p>
        <strong>{count(counts.added)}</strong> came, <strong>{count(counts.removed)}</strong> went,{" "}
        <strong>{count(counts.changed)}</strong> changed, <strong>{count(counts.moved)}</strong> moved,{" "}
        {count(counts.unchanged)} are the same.
      </p>
      <ul className="difference-list" tabIndex={0} aria-label="Differences">
        {data.pages
          .flatMap((page) => page.data)
          .map((one) => {
            const [sign, tone] = SIGNS[one.change];
            return (
              <li key={one.learningExampleId}>
                <span className={tone} aria-label={one.change}>
                  {sign}
                </span>
                <Link
                  to="/examples/$exampleId"
                  params={{ exampleId: one.learningExampleId }}
                  className="clip"
                >
                  {one.inputText ?? "Erased"}
                </Link>
                <span className="small faint">
                  {one.change === "moved"
                    ? `${one.splitBefore ?? ""} → ${one.split ?? ""}`
                    : (one.split ?? one.splitBefore)}
                </span>
              </li>
            );
          })}
      </ul>
      {hasNextPage ? (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </div>
  );
}
