import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Card } from "../../components/card.tsx";
import { Table } from "../../components/table.tsx";
import { count, milliseconds, NOTHING, percent, plural } from "../../format/numbers.ts";
import type { Workflow } from "./lay-out.ts";
import { RunLinks } from "./tool-chain.tsx";

interface WorkflowTableProps {
  workflow: Workflow;
  kind: "example" | "execution";
  /** Of the agent's runs. */
  days: number;
  chosen: string | undefined;
  onChoose: (tool: string | undefined) => void;
}

const SHOWN_STEPS = 40;
const LINKED = 5;

/** How often each tool was called, how long it took, how often it failed. */
export function ToolTable({
  workflow,
  kind,
  days,
  chosen,
  onChoose,
}: WorkflowTableProps): JSX.Element | null {
  if (workflow.tools.length === 0) return null;
  return (
    <Card title="Tools">
      <Table
        label="Calls, failures and times of each tool"
        head={[
          "Tool",
          "Calls",
          "Runs",
          "Fail",
          "Time in the middle",
          "On average",
          "Newest runs, failed first",
        ]}
        rows={workflow.tools.map(({ tool, calls, runs, failureRate, durationMs, runIds }) => ({
          key: tool,
          cells: [
            <button
              key="tool"
              type="button"
              className="link-button wrap"
              aria-pressed={tool === chosen}
              onClick={() => onChoose(tool === chosen ? undefined : tool)}
            >
              {tool}
            </button>,
            count(calls),
            kind === "execution" ? (
              <Link
                key="all"
                to="/executions"
                search={{ tool, days }}
                aria-label={`${count(runs)} runs that called ${tool}`}
              >
                {count(runs)}
              </Link>
            ) : (
              <Link
                key="all"
                to="/examples"
                search={{ type: "demonstration", review: "approved" }}
                aria-label={`${count(runs)} demonstrations with ${tool}, among the others`}
              >
                {count(runs)}
              </Link>
            ),
            failureRate === null ? (
              <span className="faint">Nobody said</span>
            ) : (
              <>
                {percent(failureRate.estimate)}{" "}
                <span className="small faint">
                  {percent(failureRate.lower, 0)} to {percent(failureRate.upper, 0)}
                </span>
              </>
            ),
            durationMs === null ? NOTHING : milliseconds(durationMs.median),
            durationMs === null ? NOTHING : milliseconds(durationMs.mean),
            <RunLinks key="runs" ids={runIds.slice(0, LINKED)} kind={kind} label={`Run with ${tool}`} />,
          ],
        }))}
      />
    </Card>
  );
}

/** The steps of the picture as rows; of the chosen tool where there is one. */
export function StepTable({ workflow, kind, chosen, onChoose }: WorkflowTableProps): JSX.Element | null {
  const steps = workflow.steps.filter(
    ({ from, to }) => chosen === undefined || from === chosen || to === chosen,
  );
  if (steps.length === 0) return null;
  return (
    <Card
      title={chosen === undefined ? "Steps" : `Steps from and to ${chosen}`}
      aside={
        chosen === undefined ? (
          <span className="small faint">
            {steps.length > SHOWN_STEPS
              ? `the ${SHOWN_STEPS} most frequent of ${count(steps.length)}`
              : plural(steps.length, "step")}
          </span>
        ) : (
          <button type="button" className="link-button" onClick={() => onChoose(undefined)}>
            All steps
          </button>
        )
      }
    >
      <Table
        label="How often each step was taken"
        head={["From", "To", "Times", "Runs", "Of what follows", "Newest runs"]}
        rows={steps.slice(0, SHOWN_STEPS).map(({ from, to, count: times, runs, share, runIds }) => ({
          key: `${from} ${to}`,
          cells: [
            from,
            to,
            count(times),
            count(runs),
            percent(share, 0),
            <RunLinks key="runs" ids={runIds} kind={kind} label={`Run from ${from} to ${to}`} />,
          ],
        }))}
      />
    </Card>
  );
}
