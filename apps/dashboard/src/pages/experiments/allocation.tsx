import type { JSX } from "react";
import type { Experiment } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Table } from "../../components/table.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import { armWord, treatmentsOf } from "./arms.ts";

const HOUR = 3_600_000;
const SHOWN = 12;

/** Who gets what share, and how a bandit moved it: the newest period first. */
export function Allocation({ experiment }: { experiment: Experiment }): JSX.Element | null {
  const { allocation, allocationPeriods } = experiment;
  if (allocation.policy === "fixed" && allocationPeriods.length < 2) return null;
  const arms = treatmentsOf(experiment);
  const names = ["control", ...arms];
  return (
    <Card
      title="Shares of users"
      aside={<Badge tone="accent">{allocation.policy === "bandit" ? "Bandit" : "Fixed"}</Badge>}
    >
      <div className="stack-tight">
        {allocation.policy === "bandit" ? (
          <p className="soft">
            Users move towards the arms that look best
            {allocation.updateHours === null ? "" : ` every ${duration(allocation.updateHours * HOUR)}`}; each
            arm keeps at least {percent(allocation.floor, 0)}.
          </p>
        ) : null}
        <Table
          label="Shares by period"
          head={["Since", ...names.map((name) => armWord(name, arms)), "Why"]}
          rows={allocationPeriods
            .toReversed()
            .slice(0, SHOWN)
            .map((period, index) => ({
              key: `${period.since ?? "start"} ${index}`,
              cells: [
                <RelativeTime key="since" time={period.since} />,
                ...names.map((name) =>
                  period.shares[name] === undefined ? NOTHING : percent(period.shares[name]),
                ),
                <span key="why" className="soft">
                  {period.reason}
                </span>,
              ],
            }))}
        />
      </div>
    </Card>
  );
}
