export { AnnotationInterface, type AnnotationInterfaceProps } from "./annotation/annotation-interface.tsx";
export { createDesk, type Desk, type DeskState, UNDO_MILLISECONDS } from "./annotation/desk/desk.ts";
export {
  describeComparison,
  isPair,
  type ShownSide,
  sidesOf,
  STRENGTHS,
  withPreferred,
  withStrength,
} from "./annotation/desk/comparison.ts";
export { createDeskApi, type DeskApi, toSubmission } from "./annotation/desk/desk-api.ts";
export {
  type DeskContent,
  type DeskStorage,
  openDeskStorage,
  type Outgoing,
} from "./annotation/desk/desk-storage.ts";
export { DIMENSIONS, type Draft, emptyDraft, isTouched, missingDimensions } from "./annotation/desk/draft.ts";
export type { ClaimedAnnotation, Comparison, DeskFilter } from "./annotation/desk/types.ts";
export { useAnnotationDesk } from "./annotation/use-annotation-desk.ts";
export { describeLoop } from "./dashboard/describe-loop.ts";
export {
  type DashboardLinks,
  LearningDashboard,
  type LearningDashboardProps,
} from "./dashboard/learning-dashboard.tsx";
export { TextDifference, type TextDifferenceProps } from "./text-diff/text-difference.tsx";
export { type DiffPart, diffWords } from "./text-diff/word-diff.ts";
