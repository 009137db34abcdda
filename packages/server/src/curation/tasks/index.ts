export { inIndexOrder } from "./index-order.ts";
export { presentLease, presentTask } from "./present-task.ts";
export { priorityOf, rankOf } from "./priority.ts";
export { type QueueFilter, readQueue } from "./read-queue.ts";
export { matchesQueue } from "./queue-filter.ts";
export {
  type ActiveQueue,
  insertGoldTask,
  placeInQueue,
  readActiveQueues,
  readMatching,
  routeToQueues,
} from "./queue-store.ts";
export { slotsFor } from "./slots.ts";
export {
  cancelTasks,
  type ClaimFilter,
  claimNext,
  completeTask,
  extendLease,
  giveBack,
  insertAdjudication,
  type Lease,
  lockAnnotator,
  type LockedTask,
  lockTasks,
  readTask,
  reopenTasks,
  revokeLeases,
  type TaskRow,
} from "./store.ts";
