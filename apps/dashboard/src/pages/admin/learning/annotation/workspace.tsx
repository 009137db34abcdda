import {
  type Desk,
  type DeskState,
  DIMENSIONS,
  isPair,
  missingDimensions,
  sidesOf,
  STRENGTHS,
  useAnnotationDesk,
  withPreferred,
  withStrength,
} from "@agent-learning/react/admin";
import { type JSX, useEffect, useRef, useState } from "react";
import type { Decision, ExampleType } from "../../../../api/types.ts";
import { Badge } from "../../../../components/badge.tsx";
import { Button } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { EmptyState } from "../../../../components/empty-state.tsx";
import { ErrorNote } from "../../../../components/error-note.tsx";
import { Page } from "../../../../components/page.tsx";
import { Skeleton, SkeletonText } from "../../../../components/skeleton.tsx";
import { toast } from "../../../../components/toast.tsx";
import { plural } from "../../../../format/numbers.ts";
import { humanise } from "../../../../format/words.ts";
import { type Shortcut, useShortcuts } from "../../../../shortcuts/shortcuts.ts";
import { ComparisonJudgement, ComparisonTask } from "./comparison.tsx";
import { DeferDialog } from "./defer-dialog.tsx";
import { Judgement } from "./judgement.tsx";
import { Task } from "./task.tsx";
import "./workspace.css";

interface WorkspaceProps {
  title: string;
  kind: "annotation" | "adjudication";
  userId: string;
  agentId: string | undefined;
  exampleType?: ExampleType | undefined;
  queueId?: string | undefined;
  guidelines?: string | undefined;
  onStop: () => void;
}

const byId = (id: string): void => document.querySelector<HTMLElement>(`#${id}`)?.focus();

/** Scores that the digits 5 to 9 and 0 stand for. */
const QUICK_SCORES: readonly (readonly [key: string, score: number])[] = [
  ["5", 0.5],
  ["6", 0.6],
  ["7", 0.7],
  ["8", 0.8],
  ["9", 0.9],
  ["0", 1],
];

function fillScores(desk: Desk | undefined, state: DeskState, score: number): void {
  if (state.draft === undefined) return;
  const scores = { ...state.draft.scores };
  for (const dimension of DIMENSIONS) scores[dimension] ??= score;
  desk?.change({ ...state.draft, scores });
}

function useDecide(desk: Desk | undefined, state: DeskState): (decision: Decision) => void {
  return (decision) => {
    if (state.draft === undefined || state.current === undefined) return;
    if (isPair(state.current)) {
      if (decision === "approve" && state.draft.comparison === undefined) {
        toast("Say first which answer is better: press a or b, or t when neither is.", { tone: "bad" });
        return;
      }
      desk?.decide(decision);
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      return;
    }
    const missing = missingDimensions(state.draft, decision);
    if (missing.length > 0) {
      toast(
        `Judge ${missing.map((one) => humanise(one).toLowerCase()).join(", ")} first: press 5 to 9 or 0 to set all at once.`,
        { tone: "bad" },
      );
      byId(`dimension-${missing[0] ?? ""}`);
      return;
    }
    desk?.decide(decision);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
}

type Decide = (decision: Decision) => void;

function judgingKeys(desk: Desk | undefined, state: DeskState, decide: Decide): Shortcut[] {
  return [
    { keys: "a", label: "Approve", run: () => decide("approve") },
    { keys: "r", label: "Reject", run: () => decide("reject") },
    { keys: "e", label: "Edit the correction", run: () => byId("corrected") },
    ...DIMENSIONS.map((dimension, index) => ({
      keys: String(index + 1),
      label: `Judge ${humanise(dimension).toLowerCase()}, then ← →`,
      run: () => byId(`dimension-${dimension}`),
    })),
    ...QUICK_SCORES.map(([keys, score]) => ({
      keys,
      label: `Judge the rest as ${score.toFixed(1)}`,
      run: () => fillScores(desk, state, score),
    })),
  ];
}

function comparingKeys(desk: Desk | undefined, state: DeskState, decide: Decide): Shortcut[] {
  const { current, draft } = state;
  if (current === undefined || draft === undefined) return [];
  return [
    ...sidesOf(current).map(({ letter, output }) => ({
      keys: letter.toLowerCase(),
      label: `Answer ${letter} is better`,
      run: () => desk?.change(withPreferred(draft, output)),
    })),
    { keys: "t", label: "Neither is better", run: () => desk?.change(withPreferred(draft, "tie")) },
    ...STRENGTHS.map((label, index) => ({
      keys: String(index + 1),
      label: `It is ${label}`,
      run: () => desk?.change(withStrength(draft, index + 1)),
    })),
    { keys: "s", label: "Save", run: () => decide("approve") },
    { keys: "r", label: "Reject the pair", run: () => decide("reject") },
  ];
}

/** One item after the other, by keyboard alone. */
export function Workspace({
  title,
  kind,
  userId,
  agentId,
  exampleType,
  queueId,
  guidelines,
  onStop,
}: WorkspaceProps): JSX.Element {
  const { desk, state } = useAnnotationDesk({ kind, agentId, exampleType, queueId }, userId);
  const [deferring, setDeferring] = useState(false);
  const decide = useDecide(desk, state);
  const { current, draft } = state;
  const pair = current !== undefined && isPair(current);
  const shortcuts: Shortcut[] = [
    ...(pair ? comparingKeys(desk, state, decide) : judgingKeys(desk, state, decide)),
    { keys: "m", label: "Write a note", run: () => byId("notes") },
    { keys: "d", label: "Pass on to somebody else", run: () => setDeferring(state.current !== undefined) },
    { keys: "n", label: "Next; this one comes back later", run: () => desk?.next() },
    { keys: "u", label: "Undo the last decision", run: () => desk?.undo() },
    {
      keys: "Ctrl+Enter",
      label: pair ? "Save, also while typing" : "Approve, also while typing",
      whileTyping: true,
      run: () => decide("approve"),
    },
    { keys: "Escape", label: "Back to the queue", run: onStop },
  ];
  useShortcuts(title, shortcuts);
  useShownAt(state.current?.task.id);
  return (
    <Page
      title={title}
      lead={<Progress state={state} />}
      actions={
        <>
          <Button hint="u" disabled={!state.canUndo} onClick={() => desk?.undo()}>
            Undo
          </Button>
          <Button hint="Esc" onClick={onStop}>
            Stop
          </Button>
        </>
      }
    >
      {state.refusal === undefined ? null : <ErrorNote error={state.refusal} />}
      {state.phase === "empty" ? (
        <Card>
          <EmptyState title="All done">
            {state.done > 0 ? `You judged ${plural(state.done, "example")}. ` : ""}New examples appear here as
            they come in; you need not reload.
          </EmptyState>
        </Card>
      ) : current === undefined || draft === undefined ? (
        <WorkspaceSkeleton />
      ) : pair ? (
        <div className="workspace" data-task={current.task.id}>
          <ComparisonTask claimed={current} draft={draft} />
          <ComparisonJudgement
            key={current.task.id}
            claimed={current}
            draft={draft}
            guidelines={guidelines}
            onChange={(next) => desk?.change(next)}
            onDecide={decide}
            onDefer={() => setDeferring(true)}
            onNext={() => desk?.next()}
          />
        </div>
      ) : (
        <div className="workspace" data-task={current.task.id}>
          <Task
            claimed={current}
            draft={draft}
            onChange={(next) => desk?.change(next)}
            onApprove={() => decide("approve")}
          />
          <Judgement
            key={current.task.id}
            claimed={current}
            draft={draft}
            guidelines={guidelines}
            onChange={(next) => desk?.change(next)}
            onDecide={decide}
            onDefer={() => setDeferring(true)}
            onNext={() => desk?.next()}
          />
        </div>
      )}
      {deferring ? (
        <DeferDialog
          onClose={() => setDeferring(false)}
          onDefer={(reason) => {
            setDeferring(false);
            desk?.defer(reason);
          }}
        />
      ) : null}
    </Page>
  );
}

/** Where a new task begins: at its top, with the moment noted for whoever measures. */
function useShownAt(taskId: string | undefined): void {
  const first = useRef(true);
  useEffect(() => {
    if (taskId === undefined) return;
    performance.mark("annotation-shown", { detail: taskId });
    if (!first.current) scrollTo({ top: 0 });
    first.current = false;
  }, [taskId]);
}

function Progress({ state }: { state: DeskState }): JSX.Element {
  return (
    <span className="row">
      <span>
        {state.done === 0
          ? "One at a time; every key is on the sheet (?)."
          : `${plural(state.done, "example")} judged in this sitting.`}
      </span>
      {state.offline ? <Badge tone="warn">The server is away; your work is kept</Badge> : null}
      {state.waiting > 0 && !state.canUndo ? <Badge tone="accent">{state.waiting} to send</Badge> : null}
    </span>
  );
}

function WorkspaceSkeleton(): JSX.Element {
  return (
    <div className="workspace">
      <div className="stack">
        <Card title="Input">
          <SkeletonText lines={2} />
        </Card>
        <Card title="Answered, and expected">
          <Skeleton height={180} />
        </Card>
      </div>
      <Card title="Your judgement">
        <SkeletonText lines={8} />
      </Card>
    </div>
  );
}
