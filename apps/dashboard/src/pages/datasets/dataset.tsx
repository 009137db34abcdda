import { useArchiveDataset, useDataset, useFreezeDataset } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { DatasetDetail } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { Figure, Figures } from "../../components/figure.tsx";
import { Histogram } from "../../components/histogram.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { toast } from "../../components/toast.tsx";
import { count, decimal, NOTHING, percent, plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { DATASET_SPLITS } from "../examples/dataset-splits.ts";
import { DatasetComparison } from "./dataset-comparison.tsx";
import { ExportDataset } from "./export-dataset.tsx";
import { DATASET_TONES } from "./datasets.tsx";
import { typeBins } from "./type-bins.ts";
import "./dataset.css";

const route = getRouteApi("/datasets/$datasetId");

/** A dataset's card: what is in it, whether it meets its thresholds, what distinguishes it from another. */
export function DatasetPage(): JSX.Element {
  const { datasetId } = route.useParams();
  const read = useDataset(datasetId);
  return (
    <DetailPage
      read={read}
      kind="Dataset"
      title={({ name, version }) => `${name} ${version}`}
      trail={<Link to="/datasets">Datasets</Link>}
      lead={(dataset) => (
        <StateLead tone={DATASET_TONES[dataset.status]} word={humanise(dataset.status)}>
          {describeDataset(dataset)}
        </StateLead>
      )}
      actions={(dataset) => <Actions dataset={dataset} />}
    >
      {(dataset) => <Body dataset={dataset} />}
    </DetailPage>
  );
}

function describeDataset({ status, card }: DatasetDetail): string {
  if (status === "frozen") return "Fixed: whoever trains on it trains on exactly this.";
  const failed = card.gates.filter(({ passed }) => !passed).length;
  return failed === 0
    ? "Every threshold is met: it may be frozen."
    : `${failed} of ${card.gates.length} thresholds are not met yet.`;
}

function Actions({ dataset }: { dataset: DatasetDetail }): JSX.Element | null {
  const may = useMay("reviewer");
  const freeze = useFreezeDataset();
  const archive = useArchiveDataset();
  const run = (): void =>
    freeze.mutate(
      { datasetId: dataset.id },
      {
        onSuccess: () => toast("The dataset is frozen."),
        onError: (cause) =>
          toast(
            cause.errors[0] === undefined
              ? cause.message
              : `${cause.message} ${cause.errors.map(({ message }) => message).join("; ")}`,
            { tone: "bad" },
          ),
      },
    );
  useShortcuts("Dataset", may && dataset.status === "draft" ? [{ keys: "f", label: "Freeze", run }] : []);
  if (!may || dataset.status === "archived") return null;
  return dataset.status === "draft" ? (
    <Button kind="primary" hint="f" busy={freeze.isPending} onClick={run}>
      Freeze
    </Button>
  ) : (
    <>
      <ExportDataset dataset={dataset} />
      <Button
        busy={archive.isPending}
        onClick={() => archive.mutate({ datasetId: dataset.id }, { onSuccess: () => toast("Archived.") })}
      >
        Archive
      </Button>
    </>
  );
}

function Body({ dataset }: { dataset: DatasetDetail }): JSX.Element {
  const { card } = dataset;
  const { against } = route.useSearch();
  return (
    <>
      <Figures>
        <Figure
          label="Examples"
          value={count(dataset.totalExamples)}
          detail={`${count(card.supervisedExamples)} with an expected output`}
          to={{ to: "/examples", search: { dataset: dataset.id } }}
        />
        <Figure label="Mean quality" value={decimal(card.quality.mean)} detail="of 1, from the annotations" />
        <Figure
          label="Human verified"
          value={percent(card.verified.share, 0)}
          detail={
            card.verified.interval === null
              ? `${count(card.verified.examples)} examples`
              : `${percent(card.verified.interval[0], 0)} to ${percent(card.verified.interval[1], 0)}, n = ${count(dataset.totalExamples)}`
          }
        />
        <Figure
          label="Agreement"
          value={percent(card.agreement.percent, 0)}
          detail={
            card.agreement.interval === null
              ? `n = ${count(card.agreement.examples)}`
              : `${percent(card.agreement.interval[0], 0)} to ${percent(card.agreement.interval[1], 0)}, n = ${count(card.agreement.examples)}`
          }
        />
        <Figure
          label="Contributors"
          value={count(card.contributors.people)}
          detail={`the largest gave ${percent(card.contributors.largestShare, 0)}`}
        />
      </Figures>
      <Card title="Thresholds">
        <ul className="gate-list">
          {card.gates.map((gate) => (
            <li key={gate.name}>
              <Badge tone={gate.passed ? "good" : "bad"}>{gate.passed ? "Met" : "Not met"}</Badge>
              <span>{gate.message}</span>
            </li>
          ))}
          {card.warnings.map((warning) => (
            <li key={warning}>
              <Badge tone="warn">Note</Badge>
              <span>{warning}</span>
            </li>
          ))}
        </ul>
      </Card>
      <div className="columns thirds">
        <Card title="Types">
          <Histogram label="Examples by type" bins={typeBins(dataset)} />
        </Card>
        <Card title="Quality">
          <Histogram
            label="Examples by quality"
            bins={card.quality.tenths.map((value, index) => ({ name: (index / 10).toFixed(1), value }))}
          />
        </Card>
        <Card title="Splits">
          <Facts
            facts={[
              ...DATASET_SPLITS.map(
                (split) =>
                  [
                    humanise(split),
                    <Link key={split} to="/examples" search={{ dataset: dataset.id, split }}>
                      {plural(card.splits[split].examples, "example")} in{" "}
                      {plural(card.splits[split].groups, "group")}
                    </Link>,
                  ] as const,
              ),
              [
                "Near-duplicates",
                `${count(card.duplicates.examples)} in ${count(card.duplicates.groups)} groups, kept together`,
              ],
              ["Left out", `${count(card.excluded.examples)} that resemble two splits`],
            ]}
          />
        </Card>
      </div>
      <div className="columns">
        <Card title="Facts">
          <Facts
            facts={[
              ["Id", <CopyableId key="id" id={dataset.id} />],
              [
                "Content",
                dataset.contentHash === null ? (
                  NOTHING
                ) : (
                  <CopyableId key="hash" id={dataset.contentHash} label="content hash" />
                ),
              ],
              [
                "Replaces",
                dataset.supersedesId === null ? (
                  NOTHING
                ) : (
                  <Link key="replaces" to="/datasets/$datasetId" params={{ datasetId: dataset.supersedesId }}>
                    The version before: something in it was erased or distrusted
                  </Link>
                ),
              ],
              ["Erased items", count(dataset.erasedItems)],
              ["Description", dataset.description ?? NOTHING],
              ["Krippendorff’s α", decimal(card.agreement.krippendorffAlpha)],
              ["Frozen", <RelativeTime key="frozen" time={dataset.frozenAt} />],
              ["Made", <RelativeTime key="made" time={dataset.createdAt} />],
            ]}
          />
        </Card>
        <DatasetComparison dataset={dataset} against={against} />
      </div>
    </>
  );
}
