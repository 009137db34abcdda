export { policyForGate } from "./execute-gate.ts";
export { gateRequirements, refuseUnlessGatePassed } from "./gate-requirements.ts";
export { gateJob } from "./job.ts";
export { regressionOnWire, safetyOnWire } from "./report-on-wire.ts";
export { gateRoutes } from "./routes.ts";
export { vetCandidate } from "./vet-candidate.ts";
