export { advanceRollout } from "./advance-rollout.ts";
export { controlRollout } from "./control-rollout.ts";
export { createRollout } from "./create-rollout.ts";
export { releaseWinner } from "./release-winner.ts";
export { rolloutRoutes } from "./routes.ts";
export { rolloutSchedule } from "./schedule.ts";
export { stageCandidate } from "./stage-candidate.ts";
export { startRollout } from "./start-rollout.ts";
