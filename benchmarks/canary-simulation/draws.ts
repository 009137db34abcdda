import { normalQuantile, randomBeta, randomBinomial, type SeededRandom } from "@agent-learning/statistics";

export type Arm = "candidate" | "control";

/** What one unit does: all its requests, and what the product sees of it, the first of each. */
export interface UnitDraw {
  requests: number;
  failures: number;
  firstFailed: boolean;
  /** Milliseconds of the first request. */
  latency: number;
  /** 1 liked, 0 not, -1 did not vote. */
  vote: number;
}

/** How the units of an arm behave at a moment. */
export interface Behaviour {
  /** Probability that a request fails. */
  readonly failure: number;
  /** Median latency in ms; log-normal with a deviation of 0.4. */
  readonly latency: number;
  /** Probability that a vote is a like. */
  readonly satisfaction: number;
}

/** Users with many requests: each has a failure probability of its own, Beta distributed around the arm's. */
export interface Clusters {
  readonly requests: number;
  /** a + b of the Beta distribution: the smaller, the more users differ. */
  readonly concentration: number;
}

/** Of the units, the part that votes. */
const VOTERS = 0.5;

/** 65,536 equally likely values of the log-normal distribution with median 1: a draw is a look into it. */
const SPREAD = 0.4;
const LATENCIES: Float64Array = Float64Array.from({ length: 1 << 16 }, (_, i) =>
  Math.exp(SPREAD * normalQuantile((i + 0.5) / (1 << 16))),
);

/** In [0, 1), to 32 bits: enough for one draw, and half the cost. */
function uniform(random: SeededRandom): number {
  return random.uint32() / 2 ** 32;
}

/** Changes `draw` to the next unit. */
export function drawUnit(
  random: SeededRandom,
  draw: UnitDraw,
  { failure, latency, satisfaction }: Behaviour,
  clusters: Clusters | undefined,
): void {
  if (clusters === undefined) {
    draw.requests = 1;
    draw.firstFailed = uniform(random) < failure;
    draw.failures = draw.firstFailed ? 1 : 0;
  } else {
    const own = randomBeta(random, failure * clusters.concentration, (1 - failure) * clusters.concentration);
    draw.requests = clusters.requests;
    draw.firstFailed = uniform(random) < own;
    draw.failures = (draw.firstFailed ? 1 : 0) + randomBinomial(random, clusters.requests - 1, own);
  }
  draw.latency = latency * (LATENCIES[random.uint32() & 0xffff] as number);
  const vote = uniform(random);
  draw.vote = vote >= VOTERS ? -1 : vote < VOTERS * satisfaction ? 1 : 0;
}
