import { useComparedRows, useRunFindings } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import type { ComparedRow, RunFindings } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Facts } from "../../components/facts.tsx";
import { TextDiff } from "../../components/text-diff.tsx";
import { compactCount, count, NOTHING, percent, points } from "../../format/numbers.ts";
import { Difference } from "../versions/difference.tsx";

const NEXT_STEPS: Readonly<Record<RunFindings["nextStep"], string>> = {
  wait: "The run has not ended.",
  nothing: "Nothing: the agent stays as it is.",
  review_version: "Review the candidate: it changes too much, or nobody knows how much, to go out unread.",
  start_experiment: "Start the A/B test: the candidate did better, and the gate could not prove it.",
  await_experiment: "Wait for the A/B test that is running.",
  start_rollout: "Start the rollout: the gate proved that the candidate is better.",
};

/** What a person decides with: what to do next, what to expect, what changes, and which rows were won and lost. */
export function Decision({ runId }: { runId: string }): JSX.Element | null {
  const { data: findings } = useRunFindings(runId);
  const agentSlug = useAgentSlug(findings?.agentId ?? "");
  if (findings === undefined || findings.candidateVersionId === null) return null;
  const { experiment, expectedEffect, preference, spent } = findings;
  const tokens = expectedEffect.answerTokens;
  return (
    <>
      <Card title="What to do next">
        <div className="stack">
          <p>{NEXT_STEPS[findings.nextStep]}</p>
          <p className="row">
            <Link
              className="button button-plain"
              to="/agents/$agentSlug/versions/$versionId"
              params={{ agentSlug, versionId: findings.candidateVersionId }}
            >
              What the candidate changes
            </Link>
            {experiment === null ? null : (
              <Link
                className="button button-plain"
                to="/experiments/$experimentId"
                params={{ experimentId: experiment.id }}
              >
                Its A/B test ({experiment.status})
              </Link>
            )}
          </p>
          <Facts
            facts={[
              [
                "Expected rise of the score",
                expectedEffect.score === null || expectedEffect.interval === null
                  ? NOTHING
                  : `${points(expectedEffect.score)} points (95 %: ${points(expectedEffect.interval[0])} to ${points(expectedEffect.interval[1])})`,
              ],
              [
                "Answers that change",
                expectedEffect.affectedQueryShare === null
                  ? "Not measured"
                  : `${percent(expectedEffect.affectedQueryShare)} of recent inputs`,
              ],
              tokens === null || tokens.candidate.prompt === 0
                ? undefined
                : [
                    "Prompt tokens an answer",
                    `${count(tokens.baseline.prompt)} before, ${count(tokens.candidate.prompt)} after`,
                  ],
              preference === null ? undefined : ["What people prefer", preference.sentence],
              spent === null || spent.calls === 0
                ? undefined
                : [
                    "What the run cost",
                    `${count(spent.calls)} calls, ${compactCount(spent.tokens)} tokens${spent.cost === 0 ? "" : `, ${spent.cost.toFixed(2)}`}`,
                  ],
            ]}
          />
        </div>
      </Card>
      {findings.difference === null ? null : (
        <Card title="What changes">
          <Difference difference={findings.difference} />
        </Card>
      )}
      <Rows runId={runId} findings={findings} />
    </>
  );
}

function Rows({ runId, findings }: { runId: string; findings: RunFindings }): JSX.Element | null {
  const [outcome, setOutcome] = useState<"win" | "loss">(findings.comparison?.losses === 0 ? "win" : "loss");
  const list = useComparedRows(runId, { outcome, limit: 20 });
  const { comparison } = findings;
  if (comparison === null) return null;
  const choice = (value: "win" | "loss", label: string): JSX.Element => (
    <Button kind={outcome === value ? "primary" : "plain"} onClick={() => setOutcome(value)}>
      {label}
    </Button>
  );
  return (
    <Card title="Rows of the gate">
      <div className="stack">
        <p className="row">
          {choice("loss", `${count(comparison.losses)} worse`)}
          {choice("win", `${count(comparison.wins)} better`)}
        </p>
        {list.data === undefined || list.data.length > 0 ? null : <p className="soft">None.</p>}
        {list.data?.map((row) => (
          <Row key={row.rowId} row={row} />
        ))}
        {list.hasNextPage ? (
          <Button kind="plain" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        ) : null}
      </div>
    </Card>
  );
}

function Row({ row }: { row: ComparedRow }): JSX.Element {
  return (
    <section className="stack-tight">
      <p className="pre" dir="auto">
        {row.inputText ?? <span className="faint">The example is gone.</span>}
      </p>
      <p className="small faint">
        Expected: {row.expectedOutput ?? NOTHING}. Score {percent(row.baselineScore)} before,{" "}
        {percent(row.candidateScore)} after.
      </p>
      {row.baselineOutput === null || row.candidateOutput === null ? null : (
        <TextDiff before={row.baselineOutput} after={row.candidateOutput} />
      )}
    </section>
  );
}
