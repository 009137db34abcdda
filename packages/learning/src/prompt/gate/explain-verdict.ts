import type { GateReport } from "./gate.ts";

/** Below this many rows only large gains are provable. */
const FEW_ROWS = 150;

/** The verdict in sentences, the deciding one first. */
export function explainVerdict({
  verdict,
  checks,
  comparison,
  proof,
  attempt,
}: Omit<GateReport, "reasons">): string[] {
  const failed = checks.filter((check) => !check.passed).map((check) => check.detail);
  const scores = describeScores(comparison);
  if (failed.length > 0) return [...failed, scores];
  if (verdict === "reject") return [noGain(comparison), scores];
  const level = proof.level.toPrecision(2);
  const test =
    proof.test === "mcnemar"
      ? `The exact McNemar test gives p = ${proof.pValue.toPrecision(2)} at the level ${level} of attempt ${attempt}.`
      : `The lower bound of the gain is ${signed(proof.lowerBound ?? 0)} (paired bootstrap) and the randomisation test gives p = ${proof.pValue.toPrecision(2)}, at the level ${level} of attempt ${attempt}.`;
  if (verdict === "promote") return ["The candidate is provably better than the seed.", test, scores];
  const reasons = ["The candidate did better, but not provably: an experiment can decide.", test, scores];
  if (comparison.rows < FEW_ROWS) {
    reasons.push(`With ${comparison.rows} rows only large gains are provable.`);
  }
  return reasons;
}

function noGain({ rows, wins, losses, difference }: GateReport["comparison"]): string {
  if (rows === 0) return "There is no row to judge the candidate by.";
  if (wins + losses === 0) return "The candidate scores the same as the seed on every row.";
  return difference < 0
    ? "The candidate did worse than the seed."
    : "The candidate did no better than the seed.";
}

function describeScores(comparison: GateReport["comparison"]): string {
  const { rows, wins, losses, seedMean, candidateMean, difference, interval, confidence } = comparison;
  if (rows === 0) return "No rows were compared.";
  const [low, high] = interval;
  return (
    `Mean score ${candidateMean.toFixed(3)} against ${seedMean.toFixed(3)} on ${rows} rows: ` +
    `${wins} better, ${losses} worse, difference ${signed(difference)} ` +
    `(${Math.round(100 * confidence)} % interval ${signed(low)} to ${signed(high)}).`
  );
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
