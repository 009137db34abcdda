"use client";
import { type JSX, type ReactNode, useRef, useState } from "react";
import { AnnotationTask } from "./annotation-task.tsx";
import { DeferDialog, KeySheet } from "./dialogs.tsx";
import type { Desk, DeskState } from "./desk/desk.ts";
import { ComparisonJudgement, ComparisonTask } from "./comparison-task.tsx";
import { isPair, sidesOf, STRENGTHS, withPreferred, withStrength } from "./desk/comparison.ts";
import { DIMENSIONS, type Draft, missingDimensions } from "./desk/draft.ts";
import type { Decision, DeskFilter, QualityDimension } from "./desk/types.ts";
import { DIMENSION_LABELS, Judgement } from "./judgement.tsx";
import { type KeyBinding, useKeys } from "./use-keys.ts";
import { useAnnotationDesk } from "./use-annotation-desk.ts";

export interface AnnotationInterfaceProps extends DeskFilter {
  /** Whose drafts these are, where several people share a browser. */
  userId?: string | undefined;
  /** What annotators go by; shown beside the decision. */
  guidelines?: ReactNode;
}

type Fields = Partial<Record<QualityDimension | "corrected", HTMLElement | null>>;

function describe(state: DeskState): string {
  if (state.offline) return "The server is away; your work is kept on this device.";
  const sending = state.waiting > 0 && !state.canUndo ? ` ${state.waiting} to send.` : "";
  return state.done === 0 ? `One at a time.${sending}` : `${state.done} judged in this sitting.${sending}`;
}

function decide(
  desk: Desk | undefined,
  { draft }: DeskState,
  decision: Decision,
): readonly QualityDimension[] {
  if (draft === undefined) return [];
  const missing = missingDimensions(draft, decision);
  if (missing.length === 0) desk?.decide(decision);
  return missing;
}

/**
 * The annotation queue, one example after the other: the original beside what is expected, the difference word by word, four
 * dimensions, approve or reject. Every step has a key (`?` lists them). Needs an annotator's key in `LearningProvider`.
 */
export function AnnotationInterface({
  userId,
  guidelines,
  ...filter
}: AnnotationInterfaceProps): JSX.Element {
  const { desk, state } = useAnnotationDesk(filter, userId);
  const [dialog, setDialog] = useState<"defer" | "keys">();
  const [missing, setMissing] = useState<readonly QualityDimension[]>([]);
  const fields = useRef<Fields>({});
  const { current, draft } = state;

  const pair = current !== undefined && isPair(current);
  const [unchosen, setUnchosen] = useState(false);
  const say = (decision: Decision): void => {
    if (pair && draft !== undefined) {
      const lacks = decision === "approve" && draft.comparison === undefined;
      setUnchosen(lacks);
      if (lacks) return;
      desk?.decide(decision);
      (document.activeElement as HTMLElement | null)?.blur();
      return;
    }
    const lacking = decide(desk, state, decision);
    setMissing(lacking);
    const [first] = lacking;
    if (first === undefined) (document.activeElement as HTMLElement | null)?.blur();
    else fields.current[first]?.focus();
  };
  const choose = (next: (draft: Draft) => Draft): void => {
    if (draft !== undefined) desk?.change(next(draft));
  };
  const judging: KeyBinding[] = [
    { key: "a", label: "Approve", run: () => say("approve") },
    { key: "r", label: "Reject", run: () => say("reject") },
    { key: "e", label: "Edit the correction (Esc leaves it)", run: () => fields.current.corrected?.focus() },
    ...DIMENSIONS.map((dimension, index) => ({
      key: `${index + 1}`,
      label: `${DIMENSION_LABELS[dimension]}; then the arrow keys`,
      run: () => fields.current[dimension]?.focus(),
    })),
  ];
  const comparing: KeyBinding[] =
    current === undefined
      ? []
      : [
          ...sidesOf(current).map(({ letter, output }) => ({
            key: letter.toLowerCase(),
            label: `Answer ${letter} is better`,
            run: () => choose((before) => withPreferred(before, output)),
          })),
          {
            key: "t",
            label: "Neither is better",
            run: () => choose((before) => withPreferred(before, "tie")),
          },
          ...STRENGTHS.map((label, index) => ({
            key: `${index + 1}`,
            label: `It is ${label}`,
            run: () => choose((before) => withStrength(before, index + 1)),
          })),
          { key: "s", label: "Save", run: () => say("approve") },
          { key: "r", label: "Reject the pair", run: () => say("reject") },
        ];
  const keys: KeyBinding[] = [
    ...(pair ? comparing : judging),
    { key: "d", label: "Pass on to somebody else", run: () => setDialog(current && "defer") },
    { key: "n", label: "Next; this one comes back later", run: () => desk?.next() },
    { key: "u", label: "Take the last decision back", run: () => desk?.undo() },
    { key: "?", label: "These keys", run: () => setDialog("keys") },
  ];
  useKeys(keys);

  return (
    <section className="als-admin als-annotation" aria-label="Annotation">
      <header className="als-bar">
        <p role="status">{describe(state)}</p>
        <button type="button" className="als-button" disabled={!state.canUndo} onClick={() => desk?.undo()}>
          Undo <kbd>u</kbd>
        </button>
        <button type="button" className="als-button" onClick={() => setDialog("keys")}>
          Keys <kbd>?</kbd>
        </button>
      </header>
      {state.refusal !== undefined && (
        <p role="alert" className="als-alert">
          {state.refusal instanceof Error ? state.refusal.message : "It was refused."}
        </p>
      )}
      {current !== undefined && draft !== undefined && pair ? (
        <div className="als-desk" data-task={current.task.id}>
          <ComparisonTask claimed={current} draft={draft} />
          <ComparisonJudgement
            key={current.task.id}
            claimed={current}
            draft={draft}
            missing={unchosen}
            guidelines={guidelines}
            onChange={(next) => desk?.change(next)}
            onDecide={say}
            onDefer={() => setDialog("defer")}
            onNext={() => desk?.next()}
          />
        </div>
      ) : current !== undefined && draft !== undefined ? (
        <div className="als-desk" data-task={current.task.id}>
          <AnnotationTask
            claimed={current}
            draft={draft}
            editorRef={(editor) => void (fields.current.corrected = editor)}
            onChange={(next) => desk?.change(next)}
          />
          <Judgement
            key={current.task.id}
            draft={draft}
            missing={missing}
            guidelines={guidelines}
            sliderRef={(dimension, slider) => void (fields.current[dimension] = slider)}
            onChange={(next) => desk?.change(next)}
            onDecide={say}
            onDefer={() => setDialog("defer")}
            onNext={() => desk?.next()}
          />
        </div>
      ) : state.phase === "empty" ? (
        <p className="als-empty">
          Nothing is waiting for you. New examples appear here as they come in; you need not reload.
        </p>
      ) : (
        <div className="als-desk" aria-hidden="true">
          <div className="als-skeleton" />
          <div className="als-skeleton" />
        </div>
      )}
      {dialog === "keys" && <KeySheet bindings={keys} onClose={() => setDialog(undefined)} />}
      {dialog === "defer" && (
        <DeferDialog
          onClose={() => setDialog(undefined)}
          onDefer={(reason) => {
            setDialog(undefined);
            desk?.defer(reason);
          }}
        />
      )}
    </section>
  );
}
