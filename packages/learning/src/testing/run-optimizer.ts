import type { ChatMessage } from "../ports.ts";
import type { Candidate } from "../prompt/candidate.ts";
import { Ledger } from "../prompt/ledger.ts";
import type {
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
} from "../prompt/optimizers/optimizer.ts";
import { TrialBook } from "../prompt/optimizers/trial-book.ts";
import type { Row } from "../prompt/rows.ts";
import { createRandom } from "../random.ts";
import { drain } from "./drain.ts";

export interface OptimizerRunOptions {
  optimizer: Optimizer;
  seed: Candidate;
  rows: readonly Row[];
  /** Whether a candidate answers a row right; each answer costs a call. */
  isRight: (candidate: Candidate, row: Row) => boolean;
  /** What the proposer says to its n-th question, from 1; absent: there is no proposer. */
  propose?: ((call: number, messages: readonly ChatMessage[]) => string) | undefined;
  calls?: number;
}

export interface OptimizerRun {
  steps: OptimizerProgress[];
  result: OptimizerResult;
  book: TrialBook;
  ledger: Ledger;
}

/** Runs one optimizer over candidates whose answers are known, without a model. */
export async function runOptimizer(options: OptimizerRunOptions): Promise<OptimizerRun> {
  const { optimizer, seed, rows, isRight, propose, calls = 1000 } = options;
  const book = new TrialBook();
  const ledger = new Ledger({ calls });
  book.add({ candidate: seed, family: { selection: "seed", size: 0 }, origin: "seed", promptTokens: 0 });
  let proposals = 0;
  const tools: OptimizerTools = {
    book,
    ledger,
    rows,
    random: createRandom("optimizer"),
    propose: propose && (async (messages) => propose((proposals += 1), messages)),
    evaluate: async (trial, part) => {
      const evaluated = part.map((row) => {
        if (!trial.answers.has(row.id)) {
          ledger.reserve("task").settle({ promptTokens: 1, completionTokens: 1 });
        }
        const right = isRight(trial.candidate, row);
        return {
          rowId: row.id,
          output: right ? row.expected : "wrong",
          score: right ? 1 : 0,
          feedback: right ? "" : `Expected ${row.expected}.`,
          objectives: {},
          usage: { promptTokens: 1, completionTokens: 1 },
        };
      });
      book.record(trial, evaluated);
      return evaluated;
    },
  };
  const task = { seed, training: rows, maximumPromptTokens: 1000 };
  return { ...(await drain(optimizer.run(task, tools))), book, ledger };
}
