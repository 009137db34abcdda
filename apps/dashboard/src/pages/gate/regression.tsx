import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import type { EvaluatedCase, EvaluationRunDetails } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { Filter } from "../../components/field.tsx";
import { IntervalPlot } from "../../components/interval-plot.tsx";
import { Table } from "../../components/table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { count, NOTHING, percent, points } from "../../format/numbers.ts";
import { GATE_TONES, humanise } from "../../format/words.ts";
import { Cases } from "./cases.tsx";
import { countCases } from "./describe-gate.ts";

type Report = NonNullable<EvaluationRunDetails["regression"]>;

const route = getRouteApi("/gate/$runId");

/** Whether the candidate forgot anything: over all cases, slice by slice, case by case. */
export function Regression({ report }: { report: Report }): JSX.Element {
  const { case: status, slice } = route.useSearch();
  const set = useSetSearch();
  const { paired, cases } = report;
  const shown = cases.filter(
    (one) =>
      (status === undefined || one.status === status) && (slice === undefined || one.slices.includes(slice)),
  );
  const statuses = [...new Set(cases.map((one) => one.status))];
  return (
    <>
      <Card
        title="Regression: what the agent could do before"
        aside={<Badge tone={GATE_TONES[report.verdict]}>{humanise(report.verdict)}</Badge>}
      >
        <div className="stack">
          <p>{report.sentence}</p>
          {paired === null ? null : (
            <>
              <IntervalPlot
                label="Candidate less baseline over the cases that both answered"
                rows={[
                  {
                    name: "Passed cases",
                    estimate: paired.difference,
                    lower: paired.interval[0] ?? paired.difference,
                    upper: paired.interval[1] ?? paired.difference,
                    better: "higher",
                  },
                ]}
                format={(value) => `${points(value)} points`}
              />
              <p className="small faint">
                n = {count(paired.cases)} cases that both answered: {count(paired.wins)} better,{" "}
                {count(paired.losses)} worse, p = {paired.pValue.toFixed(4)} (
                {paired.test === "mcnemar" ? "McNemar’s test" : "paired bootstrap"}).
              </p>
            </>
          )}
          <Slices slices={report.slices} chosen={slice} onChoose={(name) => set({ slice: name })} />
        </div>
      </Card>
      <Card
        title={`Cases: ${countCases(cases.map((one) => one.status)) || "none"}`}
        aside={
          <span className="row">
            {slice === undefined ? null : (
              <button type="button" className="link-button" onClick={() => set({ slice: undefined })}>
                Every slice
              </button>
            )}
            <Filter
              label="Status"
              value={status}
              options={statuses.map((one) => [one, humanise(one)] as const)}
              onChange={(value) => set({ case: value })}
            />
          </span>
        }
      >
        <Cases cases={shown as readonly EvaluatedCase[]} />
      </Card>
    </>
  );
}

function Slices({
  slices,
  chosen,
  onChoose,
}: {
  slices: Report["slices"];
  chosen: string | undefined;
  onChoose: (slice: string | undefined) => void;
}): JSX.Element {
  if (slices.length === 0) return <p className="soft">The cases are in no slice.</p>;
  return (
    <Table
      label="Pass rate by slice"
      head={["Slice", "Candidate", "Baseline", "Floor", "Held?"]}
      rows={slices.map(({ slice, cases, passRate, baselinePassRate, floor, held }) => ({
        key: slice,
        cells: [
          <button
            key="slice"
            type="button"
            className="link-button"
            aria-pressed={chosen === slice}
            onClick={() => onChoose(chosen === slice ? undefined : slice)}
          >
            {slice}
          </button>,
          <>
            {percent(passRate, 0)} <span className="small faint">n = {count(cases)}</span>
          </>,
          percent(baselinePassRate, 0),
          floor === null ? NOTHING : percent(floor, 0),
          <Badge key="held" tone={held ? "good" : "bad"}>
            {held ? "Held" : "Below its floor"}
          </Badge>,
        ],
      }))}
    />
  );
}
