export type BanditArm = "control" | "treatment" | "bold";
export const BANDIT_ARMS: readonly BanditArm[] = ["control", "treatment", "bold"];

export interface BanditScenario {
  readonly name: string;
  readonly title: string;
  readonly days: number;
  /** Units that come in a day, each once. */
  readonly unitsADay: number;
  /** Success probability on a day, from 0. */
  readonly rate: (arm: BanditArm, day: number) => number;
  /** `bold` less `control`, the same on every day. */
  readonly difference: number;
  /** Some arm is better: a bandit has to lose less than an even split. */
  readonly isBetter: boolean;
}

export const BANDITS: readonly BanditScenario[] = [
  {
    name: "one-better",
    title: "three arms, one 30 % better than .05",
    days: 14,
    unitsADay: 3_000,
    rate: (arm) => (arm === "bold" ? 0.065 : 0.05),
    difference: 0.015,
    isBetter: true,
  },
  {
    name: "better-in-drift",
    title: "one .015 better, base rate from 2 to 8 % in two weeks",
    days: 14,
    unitsADay: 3_000,
    rate: (arm, day) => 0.02 + (0.06 * day) / 13 + (arm === "bold" ? 0.015 : 0),
    difference: 0.015,
    isBetter: true,
  },
  {
    name: "equal-in-drift",
    title: "all equal, base rate from 2 to 8 % in two weeks",
    days: 14,
    unitsADay: 3_000,
    rate: (_arm, day) => 0.02 + (0.06 * day) / 13,
    difference: 0,
    isBetter: false,
  },
];
