import { useLearningBudget, useRunSpendingList } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { LearningBudget, RunSpending } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Figure, Figures } from "../../components/figure.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { Meter } from "../../components/meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { humanise, RUN_TONES } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { amount, type BudgetLine, budgetLines, describeBudget, usedShare } from "./describe-budget.ts";
import { LimitsDialog } from "./limits-dialog.tsx";

const COLUMNS: readonly Column<RunSpending>[] = [
  { title: "Run", width: "minmax(0, 2fr)", render: (row) => row.name },
  { title: "Way of learning", width: "160px", wideOnly: true, render: (row) => humanise(row.trainingType) },
  {
    title: "Status",
    width: "110px",
    wideOnly: true,
    render: (row) => <Badge tone={RUN_TONES[row.status]}>{humanise(row.status)}</Badge>,
  },
  { title: "Calls", width: "80px", align: "end", render: (row) => amount("calls", row.spent.calls) },
  { title: "Tokens", width: "80px", align: "end", render: (row) => amount("tokens", row.spent.tokens) },
  {
    title: "Cost",
    width: "80px",
    align: "end",
    wideOnly: true,
    render: (row) => amount("cost", row.spent.cost),
  },
  {
    title: "Started",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.startedAt} />,
  },
];

/** What learning spent on language models and may spend, and which runs spent it. */
export function Budget(): JSX.Element {
  const budget = useLearningBudget({ refetchInterval: 10_000 });
  const list = useRunSpendingList({ limit: 100 }, { refetchInterval: 10_000 });
  const may = useMay("admin");
  const [changing, setChanging] = useState(false);
  useShortcuts(
    "Budget",
    may ? [{ keys: "c", label: "Change the limits", run: () => setChanging(true) }] : [],
  );
  return (
    <ListPage
      title="Budget"
      lead={budget.data === undefined ? undefined : describeBudget(budget.data)}
      actions={
        may ? (
          <Button
            kind="primary"
            hint="c"
            disabled={budget.data === undefined}
            onClick={() => setChanging(true)}
          >
            Change the limits
          </Button>
        ) : undefined
      }
      above={budget.error === null ? <Spending budget={budget.data} /> : <ErrorNote error={budget.error} />}
      list={list}
      columns={COLUMNS}
      rowKey={({ trainingRunId }) => trainingRunId}
      rowLink={({ trainingRunId }) => ({ to: "/runs/$runId", params: { runId: trainingRunId } })}
      empty={
        <EmptyState title="No run has asked a language model">
          What each run spends is counted here, the gate’s questions and the judges’ too.
        </EmptyState>
      }
    >
      {changing && budget.data !== undefined ? (
        <LimitsDialog budget={budget.data} onClose={() => setChanging(false)} />
      ) : null}
    </ListPage>
  );
}

function Spending({ budget }: { budget: LearningBudget | undefined }): JSX.Element {
  return (
    <Card
      title={budget === undefined ? "Spent" : `Spent in the last ${budget.periodDays} days`}
      aside={
        budget !== undefined && budget.reserved.calls > 0 ? (
          <Link to="/runs" search={{ status: "running" }} className="small">
            Runs under way hold {amount("calls", budget.reserved.calls)} calls back
          </Link>
        ) : undefined
      }
    >
      <Figures>
        {budget === undefined
          ? PLACES.map((label) => <Figure key={label} label={label} value={undefined} />)
          : budgetLines(budget).map((line) => (
              <Figure
                key={line.label}
                label={line.label}
                value={amount(line.counts, line.spent)}
                detail={<Limit line={line} />}
                to={{ to: "/runs" }}
              />
            ))}
      </Figures>
    </Card>
  );
}

const PLACES = ["Calls", "Tokens", "Cost"];

function Limit({ line }: { line: BudgetLine }): JSX.Element {
  const share = usedShare(line);
  if (share === undefined || line.limit === null) return <>No limit</>;
  return (
    <>
      of {amount(line.counts, line.limit)}
      {line.reserved > 0 ? `, ${amount(line.counts, line.reserved)} held back` : ""}
      <Meter
        value={share}
        tone={share >= 1 ? "bad" : share >= 0.8 ? "warn" : "accent"}
        label={`${line.label} spent and held back: ${Math.round(share * 100)} % of the limit`}
      />
    </>
  );
}
