import type { JSX } from "react";
import type { BehaviorPatterns } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { count, percent, plural } from "../../format/numbers.ts";
import { RunLinks, ToolChain } from "./tool-chain.tsx";

type Departure = BehaviorPatterns["departures"][number];

const SHOWN = 20;

/** What experts do and the agent does not, or the other way round, with the evidence and the rule that it proposes. */
export function Departures({ patterns }: { patterns: BehaviorPatterns }): JSX.Element {
  const { departures, patternsTested } = patterns;
  return (
    <Card title="Where experts depart from the agent">
      {departures.length === 0 ? (
        <p className="soft">
          {patternsTested === 0
            ? "Five runs of each side are needed before they are compared."
            : `Nothing among ${plural(patternsTested, "pattern")}: what differs may be chance, at a false discovery rate of 5 %.`}
        </p>
      ) : (
        <ul className="stack">
          {departures.map((departure) => (
            <OneDeparture key={`${departure.direction} ${departure.tools.join(" ")}`} departure={departure} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function OneDeparture({ departure }: { departure: Departure }): JSX.Element {
  const { tools, direction, expert, agent, adjustedPValue, contributors, evidenceIds, rule } = departure;
  const ofExperts = direction === "experts_do";
  return (
    <li className="stack-tight">
      <p className="row">
        <Badge tone={ofExperts ? "good" : "warn"}>{ofExperts ? "Experts do" : "The agent does"}</Badge>
        <ToolChain tools={tools} />
      </p>
      <div className="departure-sides">
        <Side name="Experts" side={expert} />
        <Side name="The agent" side={agent} />
      </div>
      <p className="small faint">
        {adjustedPValue < 0.0001 ? "p < 0.0001" : `p = ${adjustedPValue.toFixed(4)}`}, adjusted for all
        patterns; shown by {plural(contributors, "person", "people")}.
      </p>
      {rule === null ? null : (
        <p>
          <strong>Rule:</strong> <RuleText text={rule.text} />{" "}
          <span className="small faint">
            Where the agent did so, people were content {count(rule.helpful)} times and not content{" "}
            {count(rule.harmful)} times.
          </span>
        </p>
      )}
      <details>
        <summary className="small">{plural(evidenceIds.length, "run shows it", "runs show it")}</summary>
        <p>
          <RunLinks
            ids={evidenceIds.slice(0, SHOWN)}
            kind={ofExperts ? "example" : "execution"}
            label={ofExperts ? "Demonstration" : "Execution"}
          />{" "}
          {evidenceIds.length > SHOWN ? <span className="small faint">the first {SHOWN}</span> : null}
        </p>
      </details>
    </li>
  );
}

function Side({ name, side }: { name: string; side: { runs: number; of: number } }): JSX.Element {
  const share = side.of === 0 ? 0 : side.runs / side.of;
  return (
    <div>
      <span className="row-apart small">
        <span>{name}</span>
        <span>
          {percent(share, 0)}{" "}
          <span className="faint">
            ({count(side.runs)} of {count(side.of)})
          </span>
        </span>
      </span>
      <Meter value={share} label={`${name}: ${count(side.runs)} of ${count(side.of)} runs`} />
    </div>
  );
}

/** Names of tools stand between backticks. */
function RuleText({ text }: { text: string }): JSX.Element {
  return (
    <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
  );
}
