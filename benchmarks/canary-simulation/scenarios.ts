import type { Arm, Behaviour, Clusters } from "./draws.ts";

/** What is claimed of a scenario. */
export type CanaryClaim =
  /** Identical or at the limit: rolled back with a probability of at most the attempt's alpha. */
  | { readonly kind: "rate" }
  /** Never rolled back. */
  | { readonly kind: "never" }
  /** Rolled back by this guardrail, in nine of ten runs within so many candidate units (votes of satisfaction). */
  | { readonly kind: "found"; readonly guardrail: string; readonly within: number };

export interface CanaryStage {
  readonly share: number;
  readonly hours: number;
  /** Candidate units that come in that time. */
  readonly units: number;
}

export interface CanaryScenario {
  readonly name: string;
  readonly title: string;
  readonly claim: CanaryClaim;
  readonly stages: readonly CanaryStage[];
  /** Candidate units after which nobody waits any longer. */
  readonly horizon: number;
  /** `progress`: candidate units so far over the horizon; `stage`: index of the stage. */
  readonly behaviour: (arm: Arm, progress: number, stage: number) => Behaviour;
  readonly clusters?: Clusters;
}

const LIMIT = 0.05;
const like = (failure: number, latency = 400, satisfaction = 0.8): Behaviour => {
  return { failure, latency, satisfaction };
};
const same =
  (behaviour: Behaviour): CanaryScenario["behaviour"] =>
  () =>
    behaviour;
const against =
  (control: Behaviour, candidate: Behaviour): CanaryScenario["behaviour"] =>
  (arm) =>
    arm === "candidate" ? candidate : control;

/** One stage at 5 % that is as long as the horizon. */
const oneStage = (units: number): CanaryStage[] => [{ share: 0.05, hours: 24, units }];
/** The guide's ramp for an agent with 500 units an hour. */
const GUIDE: CanaryStage[] = [
  { share: 0.05, hours: 24, units: 600 },
  { share: 0.25, hours: 48, units: 6_000 },
];
/** A ramp beyond half of the traffic, where the arms are no longer of equal size. */
const LONG: CanaryStage[] = [
  { share: 0.05, hours: 24, units: 600 },
  { share: 0.25, hours: 48, units: 1_800 },
  { share: 0.75, hours: 48, units: 3_600 },
];

export const SCENARIOS: readonly CanaryScenario[] = [
  {
    name: "boundary",
    title: "every metric exactly at its limit",
    claim: { kind: "rate" },
    stages: oneStage(10_000),
    horizon: 10_000,
    behaviour: against(like(LIMIT), like(LIMIT, 600, 0.72)),
  },
  {
    name: "near-limit",
    title: "identical, 4 % fail where 5 % may",
    claim: { kind: "rate" },
    stages: oneStage(5_000),
    horizon: 5_000,
    behaviour: same(like(0.04)),
  },
  {
    name: "rare-failures",
    title: "identical, 0.5 % fail",
    claim: { kind: "rate" },
    stages: oneStage(5_000),
    horizon: 5_000,
    behaviour: same(like(0.005)),
  },
  {
    name: "drift",
    title: "identical, every rate drifts (failures 0.5 to 4.5 %)",
    claim: { kind: "rate" },
    stages: oneStage(5_000),
    horizon: 5_000,
    behaviour: (_arm, progress) => {
      const wave = Math.sin(progress * 12 * Math.PI);
      return like(0.025 + 0.02 * wave, 400 * (1 + 0.5 * wave), 0.75 - 0.15 * wave);
    },
  },
  {
    name: "stages",
    title: "identical, base rate moves with the stages of 5, 25, 75 %",
    claim: { kind: "rate" },
    stages: LONG,
    horizon: 9_000,
    behaviour: (_arm, _progress, stage) =>
      [like(0.01, 300, 0.9), like(0.03, 500, 0.7), like(0.045, 400, 0.6)][stage] ?? like(0.03),
  },
  {
    name: "clusters",
    title: "users of 20 requests, every metric at its limit",
    claim: { kind: "rate" },
    stages: oneStage(3_000),
    horizon: 3_000,
    behaviour: against(like(LIMIT), like(LIMIT, 600, 0.72)),
    clusters: { requests: 20, concentration: 2 },
  },
  {
    name: "healthy",
    title: "identical at 40 % of the limit, over the guide's ramp",
    claim: { kind: "never" },
    stages: GUIDE,
    horizon: 20_000,
    behaviour: same(like(0.4 * LIMIT)),
  },
  {
    name: "failures-2x",
    title: "failures at twice the limit",
    claim: { kind: "found", guardrail: "error_rate", within: 600 },
    stages: oneStage(3_000),
    horizon: 3_000,
    behaviour: against(like(0.02), like(2 * LIMIT)),
  },
  {
    name: "failures-4x",
    title: "failures at four times the limit",
    claim: { kind: "found", guardrail: "error_rate", within: 150 },
    stages: oneStage(3_000),
    horizon: 3_000,
    behaviour: against(like(0.02), like(4 * LIMIT)),
  },
  {
    name: "latency-2x",
    title: "twice the latency",
    claim: { kind: "found", guardrail: "latency", within: 500 },
    stages: oneStage(3_000),
    horizon: 3_000,
    behaviour: against(like(0.02), like(0.02, 800)),
  },
  {
    name: "satisfaction-20",
    title: "satisfaction 20 % lower",
    claim: { kind: "found", guardrail: "satisfaction", within: 1_800 },
    stages: oneStage(6_000),
    horizon: 6_000,
    behaviour: against(like(0.02), like(0.02, 400, 0.64)),
  },
];
