import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Experiment, ExperimentResults } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { Facts } from "../../components/facts.tsx";
import { count, percent } from "../../format/numbers.ts";
import { metricWord } from "../../format/words.ts";
import { armWord, intendedShare, treatmentsOf, versionOf } from "./arms.ts";

const WORDS = { healthy: "Healthy", unhealthy: "Unhealthy", unknown: "Not known yet" } as const;
const TONES = { healthy: "good", unhealthy: "bad", unknown: "neutral" } as const;

/** The question before every other: did the split do what it should? */
export function Health({ results }: { results: ExperimentResults }): JSX.Element {
  const { experiment } = results;
  const { health } = experiment;
  const alarms = health.covariates.filter(({ alarm }) => alarm);
  const arms = treatmentsOf(experiment);
  return (
    <Card title="Health" aside={<Badge tone={TONES[health.status]}>{WORDS[health.status]}</Badge>}>
      <div className="stack">
        {health.reasons.length === 0 ? null : (
          <ul className="stack-tight">
            {health.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <Facts
          facts={[
            ["Sample ratio", sampleRatio(experiment)],
            ...["control", ...arms].map(
              (arm) =>
                [
                  armWord(arm, arms),
                  <Link key={arm} to="/executions" search={{ version: versionOf(experiment, arm) }}>
                    {count(unitsOf(experiment, arm))} users
                  </Link>,
                ] as const,
            ),
            ["Crossed over", percent(health.crossoverShare, 2)],
            health.covariates.length === 0
              ? undefined
              : [
                  "Before they met it",
                  alarms.length === 0
                    ? "The arms were alike"
                    : alarms
                        .map(
                          ({ metric, arm }) =>
                            `${armWord(arm, arms)} differed in ${metricWord(metric).toLowerCase()}`,
                        )
                        .join("; "),
                ],
          ]}
        />
      </div>
    </Card>
  );
}

function unitsOf(experiment: Experiment, arm: string): number {
  if (arm === "control") return experiment.currentControlSamples;
  return arm === "treatment" ? experiment.currentTreatmentSamples : (experiment.samples[arm] ?? 0);
}

/** Whether users came into the arms as was meant, in a sentence; a bandit moves its shares, so that there is no one ratio. */
function sampleRatio(experiment: Experiment): string {
  const arms = treatmentsOf(experiment);
  const total = ["control", ...arms].reduce((sum, arm) => sum + unitsOf(experiment, arm), 0);
  const { alarm, pValue } = experiment.health.sampleRatio;
  if (total === 0) return "Nobody is in it yet";
  const p = pValue === null ? "" : `, p = ${pValue < 0.0001 ? "< 0.0001" : pValue.toFixed(4)}`;
  const judged = alarm ? "the split is broken" : "as it should be";
  if (experiment.allocation.policy === "bandit") return `By the shares of each period: ${judged}${p}`;
  const seen = arms
    .map(
      (arm) =>
        `${percent(unitsOf(experiment, arm) / total)} in ${armWord(arm, arms).toLowerCase()}, ${percent(intendedShare(experiment, arm))} meant`,
    )
    .join("; ");
  return `${seen}: ${judged}${p}`;
}
