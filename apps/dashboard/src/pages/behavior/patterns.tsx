import { type JSX, useState } from "react";
import type { BehaviorPatterns } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Table } from "../../components/table.tsx";
import { count, percent } from "../../format/numbers.ts";
import { RunLinks, ToolChain } from "./tool-chain.tsx";

const FIRST = 15;

/** Orders of tools that many runs have in common. */
export function Patterns({ patterns: { patterns } }: { patterns: BehaviorPatterns }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? patterns : patterns.slice(0, FIRST);
  return (
    <Card
      title="Orders that runs have in common"
      aside={<span className="small faint">others may stand between; no longer one is in the same runs</span>}
    >
      {patterns.length === 0 ? (
        <p className="soft">No order of two tools is in three runs or more.</p>
      ) : (
        <div className="stack">
          <Table
            label="Sequential patterns"
            head={["Pattern", "Experts", "The agent", "Demonstrations", "Executions"]}
            rows={shown.map(({ tools, expert, agent, exampleIds, executionIds }) => ({
              key: tools.join(" "),
              cells: [
                <ToolChain key="tools" tools={tools} />,
                shareOf(expert),
                shareOf(agent),
                <RunLinks key="examples" ids={exampleIds} kind="example" label="Demonstration" />,
                <RunLinks key="executions" ids={executionIds} kind="execution" label="Execution" />,
              ],
            }))}
          />
          {shown.length < patterns.length ? (
            <p>
              <Button onClick={() => setAll(true)}>Show all {count(patterns.length)}</Button>
            </p>
          ) : null}
        </div>
      )}
    </Card>
  );
}

function shareOf({ runs, of }: { runs: number; of: number }): string {
  return of === 0 ? "–" : `${percent(runs / of, 0)} (${count(runs)})`;
}
