import { useRunApproval } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { RunApproval } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { count, percent, plural } from "../../format/numbers.ts";
import "./approval.css";

type Rule = RunApproval["rules"][number];
type Demonstration = RunApproval["demonstrations"][number];

const CHANGES = {
  added: ["good", "+ Added"],
  updated: ["accent", "~ Other evidence"],
  removed: ["bad", "− Removed"],
} as const;
const REASONS: Readonly<Record<string, string>> = {
  no_longer_supported: "What it rested on may no longer be learned from, or shows it no more.",
  harmful: "It does harm.",
};

/** The one decision on a run of behaviour learning: which rules and demonstrations change, by which evidence, and whose it is. */
export function Approval({ runId }: { runId: string }): JSX.Element | null {
  const { data: approval } = useRunApproval(runId, { refetchInterval: 10_000 });
  if (approval === undefined || approval.status === "not_ready") return null;
  const { rules, demonstrations, demonstrationsTotal: total } = approval;
  if (rules.length + total === 0) return null;
  return (
    <>
      <Card title="For approval">
        <div className="stack">
          <p>{leadOf(approval)}</p>
          {approval.whyNot === null ? null : (
            <p className="soft">
              <Badge tone="warn">You may not decide</Badge> {approval.whyNot}
            </p>
          )}
          <div className="stack-tight">
            <h3>Whose evidence it is</h3>
            {approval.contributors.length === 0 ? (
              <p className="soft">Nobody in particular.</p>
            ) : (
              <ul className="stack-tight">
                {approval.contributors.map(({ userId, displayName, examples }) => (
                  <li key={userId}>
                    {displayName ?? "Somebody without a name"}: {plural(examples, "example", "examples")}
                  </li>
                ))}
              </ul>
            )}
            <p className="small faint">
              {approval.startedBy === null
                ? "Started by the agent's policy or a machine."
                : `Started by ${approval.startedBy.displayName ?? "somebody without a name"}.`}
            </p>
          </div>
        </div>
      </Card>
      {rules.length === 0 ? null : (
        <Card title={plural(rules.length, "rule changes", "rules change")}>
          <ul className="stack">
            {rules.map((rule) => (
              <RuleChange key={`${rule.change} ${rule.id}`} rule={rule} />
            ))}
          </ul>
        </Card>
      )}
      {total === 0 ? null : (
        <Card title={plural(total, "demonstration changes", "demonstrations change")}>
          <ul className="stack">
            {demonstrations.map((one) => (
              <DemonstrationChange key={`${one.change} ${one.exampleId}`} demonstration={one} />
            ))}
          </ul>
          {total > demonstrations.length ? (
            <p className="small faint">The first {count(demonstrations.length)} are shown.</p>
          ) : null}
        </Card>
      )}
    </>
  );
}

function leadOf({ status, contributors, rules, demonstrationsTotal: total }: RunApproval): string {
  const what = `${plural(rules.length, "rule", "rules")} and ${plural(total, "demonstration", "demonstrations")} of ${plural(contributors.length, "person", "people")}`;
  if (status === "approved") return `Approved: ${what}.`;
  if (status === "rejected") return `Rejected: ${what}. The agent stays as it is.`;
  return `${what} change what the agent does, once a reviewer who has no part in it approves.`;
}

function RuleChange({ rule }: { rule: Rule }): JSX.Element {
  const [tone, word] = CHANGES[rule.change];
  const share = ({ runs, of }: { runs: number; of: number }): string =>
    `${count(runs)} of ${count(of)} (${percent(of === 0 ? 0 : runs / of)})`;
  return (
    <li className="stack-tight">
      <p>
        <Badge tone={tone}>{word}</Badge> {rule.text}
      </p>
      {rule.reason === null ? null : <p className="small soft">{REASONS[rule.reason] ?? rule.reason}</p>}
      {rule.expert === null || rule.agent === null ? null : (
        <p className="small soft">
          Seen in {share(rule.expert)} of the experts' runs and {share(rule.agent)} of the agent's. Where the
          agent did so, people were content {count(rule.helpful ?? 0)} times and not content{" "}
          {count(rule.harmful ?? 0)} times.
        </p>
      )}
      {rule.evidence.length === 0 ? null : (
        <details>
          <summary className="small">
            {plural(rule.evidenceTotal, "run shows it", "runs show it")}
            {rule.evidenceTotal > rule.evidence.length ? `; the first ${count(rule.evidence.length)}` : ""}
          </summary>
          <ul className="evidence-links">
            {rule.evidence.map(({ kind, id }, index) => (
              <li key={id}>
                {kind === "example" ? (
                  <Link to="/examples/$exampleId" params={{ exampleId: id }}>
                    Demonstration {index + 1}
                  </Link>
                ) : (
                  <Link to="/executions/$executionId" params={{ executionId: id }}>
                    Execution {index + 1}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function DemonstrationChange({ demonstration }: { demonstration: Demonstration }): JSX.Element {
  const [tone, word] = CHANGES[demonstration.change];
  return (
    <li className="stack-tight">
      <p className="pre" dir="auto">
        <Badge tone={tone}>{word}</Badge>{" "}
        {demonstration.inputText === null ? (
          <span className="faint">The example is gone.</span>
        ) : (
          <Link to="/examples/$exampleId" params={{ exampleId: demonstration.exampleId }}>
            {demonstration.inputText}
          </Link>
        )}
      </p>
      <p className="small soft pre" dir="auto">
        {demonstration.expectedOutput === null ? "" : `→ ${demonstration.expectedOutput}`}
        {demonstration.contributor === null ? "" : ` (${demonstration.contributor})`}
      </p>
    </li>
  );
}
