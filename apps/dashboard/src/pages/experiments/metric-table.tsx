import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Experiment, ExperimentResults, MetricComparison } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { readInterval } from "../../components/interval-plot.tsx";
import { Table } from "../../components/table.tsx";
import { count, NOTHING, percent } from "../../format/numbers.ts";
import { humanise, metricValue, metricWord } from "../../format/words.ts";
import { armWord, treatmentsOf, versionOf } from "./arms.ts";
import { differenceOf } from "./verdict.ts";

/** Every metric in every treatment with both arms, the difference and its interval. */
export function MetricTable({ results }: { results: ExperimentResults }): JSX.Element {
  const { experiment, metrics } = results;
  const arms = treatmentsOf(experiment);
  const several = arms.length > 1;
  const reduced = metrics.some(({ cuped }) => cuped !== null);
  return (
    <Card title="Every metric">
      <div className="stack-tight">
        <Table
          label="Table of every metric"
          head={[
            "Metric",
            ...(several ? ["Treatment"] : []),
            "Control",
            several ? "In the treatment" : "Treatment",
            "Difference",
            "Interval",
            "Relative",
            "p",
            ...(reduced ? ["Noise taken away"] : []),
          ]}
          rows={metrics.map((one) => ({
            key: `${one.metric} ${one.arm}`,
            cells: cellsOf(experiment, one, several ? armWord(one.arm, arms) : undefined, reduced),
          }))}
        />
        <p className="small faint">
          Intervals and p values hold at every look
          {experiment.inference === "fixed_horizon" ? " only once time and users are reached" : ""}; p is
          adjusted (Holm) where several comparisons are made.
          {reduced
            ? " Noise is taken away by what the same users did before the experiment (CUPED): the interval is narrower by it, the estimate means the same."
            : ""}
        </p>
      </div>
    </Card>
  );
}

const TONES = { better: "good", worse: "bad", unclear: "soft" } as const;
const SIGNS = { better: "✓ ", worse: "✕ ", unclear: "" } as const;

function cellsOf(
  experiment: Experiment,
  comparison: MetricComparison,
  arm: string | undefined,
  reduced: boolean,
): JSX.Element[] {
  const { metric, role, primary, control, treatment, absolute, relative, better, cuped } = comparison;
  const reading = absolute === null ? "unclear" : readInterval({ name: metric, ...absolute, better });
  const pValue = comparison.adjustedPValue ?? comparison.pValue;
  const estimate = ({ mean, units }: MetricComparison["control"], of: string): JSX.Element => (
    <>
      {metricValue(metric, mean)}{" "}
      <Link to="/executions" search={{ version: versionOf(experiment, of) }} className="small">
        n = {count(units)}
      </Link>
    </>
  );
  return [
    <>
      {metricWord(metric)}{" "}
      <span className="small faint">{primary ? "primary" : humanise(role).toLowerCase()}</span>
    </>,
    ...(arm === undefined ? [] : [<>{arm}</>]),
    estimate(control, "control"),
    estimate(treatment, comparison.arm),
    <span key="difference" className={TONES[reading]}>
      {SIGNS[reading]}
      {absolute === null ? NOTHING : differenceOf(metric, absolute.estimate)}
    </span>,
    <>
      {absolute === null
        ? NOTHING
        : `${differenceOf(metric, absolute.lower)} to ${differenceOf(metric, absolute.upper)}`}
    </>,
    <>{relative === null ? NOTHING : percent(relative.estimate)}</>,
    <>{pValue === null ? NOTHING : pValue < 0.0001 ? "< 0.0001" : pValue.toFixed(4)}</>,
    ...(reduced ? [<>{cuped === null ? NOTHING : percent(cuped.varianceReduction, 0)}</>] : []),
  ];
}
