import type { JSX, KeyboardEvent } from "react";
import { count, percent } from "../../format/numbers.ts";
import { curveOf, layOut, NODE_HEIGHT, NODE_WIDTH, type PlacedNode, type Workflow } from "./lay-out.ts";
import "./graph.css";

interface GraphProps {
  label: string;
  workflow: Workflow;
  mostTools: number;
  leastShare: number;
  /** The tool that is looked at. */
  chosen: string | undefined;
  onChoose: (tool: string | undefined) => void;
}

const LONGEST_NAME = 20;

/** Which call follows which: a box for each tool, a line as thick as it is frequent. Tools can be chosen by mouse and by keyboard. */
export function Graph({ label, workflow, mostTools, leastShare, chosen, onChoose }: GraphProps): JSX.Element {
  const { nodes, steps, width, height, hidden } = layOut(workflow, { mostTools, leastShare });
  const most = Math.max(1, ...steps.map(({ step }) => step.count));
  const isNear = (from: string, to: string): boolean =>
    chosen === undefined || from === chosen || to === chosen;
  return (
    <figure className="workflow-graph">
      {/* It scrolls sideways by itself where the screen is narrow. */}
      <div className="workflow-scroll" tabIndex={0} role="region" aria-label={label}>
        <svg width={width + 40} height={height} viewBox={`0 0 ${width + 40} ${height}`} role="group">
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="6"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="10"
              markerHeight="10"
              orient="auto"
            >
              <path d="M 0 0 L 8 4 L 0 8 z" fill="var(--text-faint)" />
            </marker>
          </defs>
          {steps.map((placed) => {
            const { step } = placed;
            const { path, labelX, labelY } = curveOf(placed);
            return (
              <g
                key={`${step.from}>${step.to}`}
                className={isNear(step.from, step.to) ? "workflow-step" : "workflow-step far"}
              >
                <title>
                  {`${step.from} → ${step.to}: ${count(step.count)} times in ${count(step.runs)} runs, ${percent(step.share, 0)} of what follows`}
                </title>
                <path d={path} strokeWidth={1 + 4 * Math.sqrt(step.count / most)} markerEnd="url(#arrow)" />
                <text x={labelX} y={labelY} textAnchor="middle">
                  {count(step.count)}
                </text>
              </g>
            );
          })}
          {nodes.map((node) =>
            node.tool === undefined ? (
              <EndBox key={node.name} node={node} />
            ) : (
              <ToolBox
                key={node.name}
                node={node}
                isChosen={node.name === chosen}
                onChoose={() => onChoose(node.name === chosen ? undefined : node.name)}
              />
            ),
          )}
        </svg>
      </div>
      <figcaption className="small faint">
        Numbers are how often one call directly followed the other. A red edge: the tool fails in more than
        one of ten calls of which somebody said.
        {hidden.tools + hidden.steps === 0
          ? ""
          : ` Left out: ${count(hidden.tools)} tools and ${count(hidden.steps)} rarer steps, which the tables have.`}
      </figcaption>
    </figure>
  );
}

const ALARMING = 0.1;

function ToolBox({
  node,
  isChosen,
  onChoose,
}: {
  node: PlacedNode;
  isChosen: boolean;
  onChoose: () => void;
}): JSX.Element {
  const { name, tool, x, y } = node;
  const rate = tool?.failureRate ?? null;
  const failing = rate !== null && rate.estimate > ALARMING;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose();
  };
  const words = `${count(tool?.calls ?? 0)} calls${rate === null ? "" : `, ${failing ? "✕ " : ""}${percent(rate.estimate, 0)} fail`}`;
  return (
    <g
      className={`workflow-tool ${isChosen ? "chosen" : ""} ${failing ? "failing" : ""}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={6} />
      <text x={NODE_WIDTH / 2} y={18} textAnchor="middle" className="strong">
        {name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name}
      </text>
      <text x={NODE_WIDTH / 2} y={35} textAnchor="middle" className="workflow-detail">
        {words}
      </text>
    </g>
  );
}

function EndBox({ node: { name, x, y } }: { node: PlacedNode }): JSX.Element {
  return (
    <g transform={`translate(${x} ${y})`} className="workflow-end">
      <rect x={NODE_WIDTH / 2 - 34} y={8} width={68} height={28} rx={14} />
      <text x={NODE_WIDTH / 2} y={27} textAnchor="middle">
        {name === "(start)" ? "start" : "end"}
      </text>
    </g>
  );
}
