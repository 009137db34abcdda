import type { DemoBackground, DemoSummary } from "./read-summary.ts";

type Row = readonly [label: string, value: string];

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share >= 0 ? "+" : "−"}${Math.abs(share * 100).toFixed(1)}`;
}

interface Released {
  status: string;
  stages: { event: string; share: number; hours: number | null }[] | null;
}

interface RolledBack {
  status: string;
  trigger: string | null;
  requests_until: number;
  failed_until: number;
  hours: number | null;
  identical_version: Released | null;
}

interface Decided {
  verdict: string | null;
  significance: number | null;
  units: { control: number; treatment: number };
  satisfaction: { control: number | null; treatment: number | null };
  hours: number | null;
}

function describeStages(release: Released | null): string {
  if (release === null) return "none";
  const stages = (release.stages ?? [])
    .filter(({ event }) => ["started", "advanced", "completed", "rolled_back"].includes(event))
    .map(({ share, hours }) => `${Math.round(share * 100)} % at ${hours ?? 0} h`);
  return `${release.status}: ${stages.join(", ")}`;
}

/** The rows of the table, label and value. */
export function summaryRows(summary: DemoSummary, background: DemoBackground): Row[] {
  const experiment = summary.experiment as unknown as Decided;
  const rollback = summary.rollback as unknown as RolledBack;
  const dataset = summary.dataset as unknown as {
    examples: number;
    human_verified_percentage: number;
    agreement: number;
  };
  const mean = (value: number | null): string => (value === null ? "–" : percent(value));
  return [
    ["Accuracy before", `${percent(summary.accuracy_before)} of ${background.held_out} held-out messages`],
    [
      "Accuracy after",
      `${percent(summary.accuracy_after)}  (${points(summary.accuracy_after - summary.accuracy_before)} points, 95 % interval ${points(summary.interval[0])} to ${points(summary.interval[1])})`,
    ],
    [
      "Evidence",
      `${background.executions} executions, ${summary.votes} votes, ${summary.corrections} corrections`,
    ],
    [
      "Examples",
      `${summary.examples}, of them ${background.examples_approved} approved by ${background.annotations} annotations`,
    ],
    [
      "Dataset",
      `${dataset.examples} examples, ${dataset.human_verified_percentage} % verified, agreement ${percent(dataset.agreement)}`,
    ],
    [
      "Experiment",
      `${experiment.verdict ?? "undecided"} after ${experiment.hours ?? 0} h: ${experiment.units.control} control, ${experiment.units.treatment} treatment users, significance ${experiment.significance ?? "–"}`,
    ],
    [
      "Satisfaction",
      `${mean(experiment.satisfaction.control)} control, ${mean(experiment.satisfaction.treatment)} treatment`,
    ],
    ["Release", describeStages(summary.rollout as unknown as Released | null)],
    ["Identical version", describeStages(rollback.identical_version)],
    [
      "Bad version",
      `${rollback.status} after ${rollback.requests_until} canary requests (${rollback.failed_until} failed), ${rollback.hours ?? 0} h`,
    ],
    ["Why", rollback.trigger ?? "–"],
    ["Time", `${summary.seconds.toFixed(0)} s`],
  ];
}

/** The table as text. */
export function formatSummary(summary: DemoSummary, background: DemoBackground): string {
  const rows = summaryRows(summary, background);
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  const rule = "─".repeat(Math.max(...lines.map((line) => line.length)));
  return [rule, ...lines, rule].join("\n");
}
