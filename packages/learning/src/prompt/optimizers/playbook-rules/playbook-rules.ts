import { contentHash } from "../../../json.ts";
import type { Random } from "../../../ports.ts";
import { shuffled } from "../../../random.ts";
import { normaliseText } from "../../../text/tokenise.ts";
import type { Candidate, PlaybookRule } from "../../candidate.ts";
import { copiedText } from "../../gate/copied-text.ts";
import { BudgetExhausted } from "../../ledger.ts";
import { isRetired } from "../../playbook/weigh-rule.ts";
import type { Row } from "../../rows.ts";
import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
  StopReason,
} from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import type { Example } from "../reflective-evolution/minibatch.ts";
import { isAbort } from "../reflective-evolution/propose-child.ts";
import { selectBest } from "../select-best.ts";
import type { Trial } from "../trial-book.ts";
import { parseRule, rulePrompt } from "./rule-prompt.ts";

const NAME = "playbook_rules";
const BLOCK = 24;
const MOST_FAILURES = 6;
const LONGEST_RUN = 8;
const PATIENCE = 3;
const MOST_RULES = 40;

/**
 * Adds one rule at a time to the playbook, each drawn from failures that belong together and kept only when it repairs more answers than it
 * breaks on a block of rows; first drops rules that their counters speak against. What was there before stays word for word, which
 * makes it the safe way to change a prompt that is live. After Zhang et al., "Agentic Context Engineering" (2025).
 */
export const playbookRules: Optimizer = {
  name: NAME,
  applies: ({ seed, training }, hasProposer) =>
    seed.runtime === "model" && training.length > 0 && (hasProposer || (seed.playbook ?? []).some(isRetired)),
  run,
};

async function* run(
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  const counts = { tried: 0, kept: 0, retired: 0 };
  const end = (stoppedBecause: StopReason): OptimizerResult => ({ stoppedBecause, notes: [summary(counts)] });
  const rows = tools.rows.slice(0, BLOCK);
  const seen = new Set<string>();
  let idle = 0;
  try {
    let best = selectBest(tools.book.trials()).best;
    await tools.evaluate(best, rows);
    const without = withoutRetired(best.candidate);
    if (without) {
      counts.retired = (best.candidate.playbook?.length ?? 0) - (without.playbook?.length ?? 0);
      best = await keepBetter(tools, best, without, rows, true);
      yield { optimizer: NAME, message: "Left out rules that did harm", share: 0 };
    }
    if (!tools.propose) return end("finished");
    for (let step = 0; step < LONGEST_RUN; step += 1) {
      const failures = nextFailures(best, tools.rows, seen, tools.random.fork(`step:${step}`));
      if (failures.length === 0) return end(seen.size === 0 ? "ceiling" : "finished");
      for (const { row } of failures) seen.add(row.id);
      counts.tried += 1;
      const rule = await proposeRule(task, tools, best.candidate, failures);
      if (typeof rule === "string") yield { optimizer: NAME, message: rule, share: (step + 1) / LONGEST_RUN };
      else {
        const child = { ...best.candidate, playbook: [...(best.candidate.playbook ?? []), rule] };
        const kept = await keepBetter(tools, best, child, withRows(rows, failures), false);
        const message = kept === best ? "A rule did not repair more than it broke" : "A rule was kept";
        if (kept !== best) counts.kept += 1;
        idle = kept === best ? idle : -1;
        best = kept;
        yield { optimizer: NAME, message, share: (step + 1) / LONGEST_RUN };
      }
      idle += 1;
      if (idle >= PATIENCE) return end("no_progress");
    }
  } catch (error) {
    if (!BudgetExhausted.isInstance(error)) throw error;
    return end("budget");
  }
  return end("finished");
}

function withoutRetired(candidate: Candidate): Candidate | undefined {
  const playbook = (candidate.playbook ?? []).filter((rule) => !isRetired(rule));
  return playbook.length < (candidate.playbook?.length ?? 0) ? { ...candidate, playbook } : undefined;
}

/** Failures of the same expected output, of the one that fails most among those that no rule was sought for yet. */
function nextFailures(
  trial: Trial,
  rows: readonly Row[],
  seen: ReadonlySet<string>,
  random: Random,
): Example[] {
  const failures = rows.flatMap((row) => {
    const evaluated = trial.answers.get(row.id);
    return evaluated && evaluated.score < 1 && !seen.has(row.id) ? [{ row, evaluated }] : [];
  });
  const groups = [...Map.groupBy(failures, ({ row }) => row.expected).values()];
  // Free text: hardly two expected outputs are equal, so what fails goes together as it comes.
  const largest = groups.toSorted((one, other) => other.length - one.length)[0] ?? [];
  return shuffled(random, largest.length > 1 ? largest : failures).slice(0, MOST_FAILURES);
}

async function proposeRule(
  task: OptimizationTask,
  tools: OptimizerTools,
  { playbook = [] }: Candidate,
  failures: readonly Example[],
): Promise<PlaybookRule | string> {
  if (playbook.length >= MOST_RULES) return "The playbook is full";
  let answer: string;
  try {
    answer = (await tools.propose?.(rulePrompt(playbook, failures))) ?? "";
  } catch (error) {
    if (BudgetExhausted.isInstance(error) || isAbort(error)) throw error;
    return "The proposer's endpoint failed";
  }
  const text = parseRule(answer);
  if (text === undefined) return "A proposal had no rule in it";
  const key = normaliseText(text);
  if (playbook.some((rule) => normaliseText(rule.text) === key)) return "A proposal repeated a rule";
  const trainingTexts = task.training.flatMap((row) => [row.input, row.expected]);
  if (copiedText({ text, previousText: "", trainingTexts }).length > 0) return "A proposal copied an example";
  const evidenceIds = failures.map(({ row }) => row.id);
  return { id: contentHash(key).slice(0, 16), text, evidenceIds, helpful: evidenceIds.length, harmful: 0 };
}

/** The child when it scores more than its parent on the rows (`orEqual`: or as much), else the parent. */
async function keepBetter(
  tools: OptimizerTools,
  parent: Trial,
  candidate: Candidate,
  rows: readonly Row[],
  orEqual: boolean,
): Promise<Trial> {
  const child = tools.book.add({
    candidate,
    family: { selection: "playbook", size: parent.family.size },
    origin: NAME,
    promptTokens: promptCost(
      candidate,
      rows.slice(0, 8).map((row) => row.input),
    ),
  });
  const before = await tools.evaluate(parent, rows);
  const after = await tools.evaluate(child, rows);
  const gain = after.reduce((sum, row, index) => sum + row.score - (before[index]?.score ?? 0), 0);
  return gain > 0 || (orEqual && gain === 0) ? child : parent;
}

function withRows(rows: readonly Row[], examples: readonly Example[]): Row[] {
  return [...new Set([...rows, ...examples.map(({ row }) => row)])];
}

function summary({ tried, kept, retired }: { tried: number; kept: number; retired: number }): string {
  return `Of ${tried} rules that were tried, ${kept} were kept; ${retired} old rules were tried without.`;
}
