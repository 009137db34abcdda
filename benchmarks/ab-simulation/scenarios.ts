/** Users with several outcomes: each has a probability of its own, Beta distributed around the arm's. */
export interface Clusters {
  /** Most outcomes of a user; each number up to it is equally likely. */
  readonly outcomes: number;
  /** a + b of the Beta distribution: the smaller, the more users differ. */
  readonly concentration: number;
}

/** A time in which the allocation stays. */
export interface Period {
  /** Share of the treatment. */
  readonly share: number;
  /** Units of both arms. */
  readonly units: number;
}

export type ExperimentClaim =
  /** The arms are equal: a winner with a probability of at most alpha, however often it is looked at. */
  | { readonly kind: "false" }
  /** Found in nine of ten runs within so many units of each arm. */
  | { readonly kind: "found"; readonly within: number };

export interface ExperimentScenario {
  readonly name: string;
  readonly title: string;
  readonly claim: ExperimentClaim;
  readonly periods: readonly Period[];
  /** Success probabilities; `progress`: units so far over all units. */
  readonly rate: (arm: "control" | "treatment", progress: number, period: number) => number;
  readonly clusters?: Clusters;
  /** Units between two looks; 1 unless it says otherwise. */
  readonly lookEvery?: number;
}

const even = (units: number): Period[] => [{ share: 0.5, units }];

/**
 * n per arm that one look at .05 against .06 needs at a power of 90 %, (z_.975 + z_.9)^2 (.05 .95 + .06 .94) / .01^2. Twice that may
 * pass until nine in ten watched experiments have found it.
 */
export const FIXED_UNITS = 10_917;

export const EXPERIMENTS: readonly ExperimentScenario[] = [
  {
    name: "even",
    title: "A/A, 5 % of units, split 50/50",
    claim: { kind: "false" },
    periods: even(12_000),
    rate: () => 0.05,
  },
  {
    name: "rare",
    title: "A/A, 0.5 % of units",
    claim: { kind: "false" },
    periods: even(12_000),
    rate: () => 0.005,
  },
  {
    name: "lopsided",
    title: "A/A, split 95/5",
    claim: { kind: "false" },
    periods: [{ share: 0.05, units: 28_000 }],
    rate: () => 0.05,
  },
  {
    name: "drift",
    title: "A/A, the rate drifts between 2 and 10 %",
    claim: { kind: "false" },
    periods: even(12_000),
    rate: (_arm, progress) => 0.06 + 0.04 * Math.sin(progress * 8 * Math.PI),
  },
  {
    name: "allocation",
    title: "A/A, share from 10 to 50 % as the rate goes from 2 to 8 %",
    claim: { kind: "false" },
    periods: [
      { share: 0.1, units: 6_000 },
      { share: 0.5, units: 6_000 },
    ],
    rate: (_arm, _progress, period) => (period === 0 ? 0.02 : 0.08),
  },
  {
    name: "clusters",
    title: "A/A, users of up to 20 outcomes that are alike",
    claim: { kind: "false" },
    periods: even(8_000),
    rate: () => 0.3,
    clusters: { outcomes: 20, concentration: 2 },
  },
  {
    name: "lift-20",
    title: "lift of 20 % of .05",
    claim: { kind: "found", within: 2 * FIXED_UNITS },
    periods: even(4 * FIXED_UNITS),
    rate: (arm) => (arm === "control" ? 0.05 : 0.06),
    lookEvery: 20,
  },
];
