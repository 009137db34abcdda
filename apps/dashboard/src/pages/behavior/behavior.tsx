import { useBehaviorPatterns } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, BehaviorPatterns } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice } from "../../components/field.tsx";
import { Page } from "../../components/page.tsx";
import { Skeleton, SkeletonText } from "../../components/skeleton.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { plural } from "../../format/numbers.ts";
import { Departures } from "./departures.tsx";
import { describeBehavior, describeFit } from "./describe-behavior.ts";
import { Graph } from "./graph.tsx";
import { Patterns } from "./patterns.tsx";
import { StepTable, ToolTable } from "./workflow-tables.tsx";

const route = getRouteApi("/behavior");
const DAYS = [7, 30, 90, 365] as const;
const STEPS = [
  ["0", "All steps"],
  ["5", "From 5 %"],
  ["15", "From 15 %"],
  ["30", "From 30 %"],
] as const;
const DRAWN = 14;

/** How experts and the agent use tools, and where they differ. */
export function Behavior(): JSX.Element {
  return <WithAgent title="Behaviour">{(agent) => <Body agent={agent} />}</WithAgent>;
}

function Body({ agent }: { agent: Agent }): JSX.Element {
  const { days = 90 } = route.useSearch();
  const set = useSetSearch();
  const read = useBehaviorPatterns(agent.slug, { days });
  const { data, error } = read;
  return (
    <Page
      title="Behaviour"
      lead={data === undefined ? <Skeleton width={420} height={24} /> : describeBehavior(data)}
      actions={
        <Choice
          label="The agent’s runs of"
          value={String(days)}
          options={DAYS.map((one) => [String(one), plural(one, "day")] as const)}
          onChange={(value) => set({ days: value === "90" ? undefined : Number(value) })}
        />
      }
    >
      {error !== null && data === undefined ? (
        <ErrorNote error={error} retry={() => void read.refetch()} />
      ) : data === undefined ? (
        <Card>
          <SkeletonText lines={14} />
        </Card>
      ) : data.experts.runs + data.agent.runs === 0 ? (
        <Nothing />
      ) : (
        <Found patterns={data} />
      )}
    </Page>
  );
}

function Nothing(): JSX.Element {
  return (
    <Card>
      <EmptyState title="Nobody has told of tool calls yet">
        Send <code>metadata.tool_calls</code>, a list of <code>{"{ tool, failed, duration_ms }"}</code>, with
        the agent’s executions, and experts’ demonstrations with their <code>steps</code> through{" "}
        <code>POST /api/learning/demonstrations</code>. From five of each on they are compared.
      </EmptyState>
    </Card>
  );
}

function Found({ patterns }: { patterns: BehaviorPatterns }): JSX.Element {
  const search = route.useSearch();
  const set = useSetSearch();
  const days = search.days ?? 90;
  const side = search.side ?? (patterns.experts.runs > 0 ? "experts" : "agent");
  const least = search.least ?? "5";
  const workflow = patterns[side];
  const kind = side === "experts" ? "example" : "execution";
  const chosen = workflow.tools.some(({ tool }) => tool === search.tool) ? search.tool : undefined;
  const choose = (tool: string | undefined): void => set({ tool });
  return (
    <>
      <Departures patterns={patterns} />
      <Card
        title="Which call follows which"
        aside={
          <span className="row">
            <Choice
              label="Of"
              value={side}
              options={[
                ["experts", `Experts (${plural(patterns.experts.runs, "run")})`],
                ["agent", `The agent (${plural(patterns.agent.runs, "run")})`],
              ]}
              onChange={(value) => set({ side: value, tool: undefined })}
            />
            <Choice
              label="Draw"
              value={least}
              options={STEPS}
              onChange={(value) => set({ least: value === "5" ? undefined : value })}
            />
          </span>
        }
      >
        {workflow.runs === 0 ? (
          <p className="soft">
            {side === "experts"
              ? "No approved demonstration has steps with a tool."
              : "No execution of these days told of its tool calls."}
          </p>
        ) : (
          <Graph
            label={`Tool calls of ${side === "experts" ? "experts" : "the agent"}, from the start of a run to its end`}
            workflow={workflow}
            mostTools={DRAWN}
            leastShare={Number(least) / 100}
            chosen={chosen}
            onChoose={choose}
          />
        )}
      </Card>
      <ToolTable workflow={workflow} kind={kind} days={days} chosen={chosen} onChoose={choose} />
      <StepTable workflow={workflow} kind={kind} days={days} chosen={chosen} onChoose={choose} />
      <Patterns patterns={patterns} />
      <Card title="How close the agent is">
        <ul className="stack-tight">
          {describeFit(patterns).map((line) => (
            <li key={line}>{line}</li>
          ))}
          <li className="small faint">
            {patterns.truncated ? <Badge tone="warn">Cut</Badge> : null} From the newest 1,000 runs of each
            side; rules are learned by a{" "}
            <Link to="/runs" search={{ type: "behavior_learning" }}>
              training run
            </Link>{" "}
            of behaviour, and a reviewer decides on them.
          </li>
        </ul>
      </Card>
    </>
  );
}
