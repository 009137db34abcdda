import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { scriptedModel } from "../../testing/scripted-model.ts";
import type { Candidate } from "../candidate.ts";
import { Ledger } from "../ledger.ts";
import { createCandidateAnswers, duelCandidates } from "./duel-candidates.ts";

const candidate = (system_prompt: string): Candidate => ({
  runtime: "model",
  components: { system_prompt },
  demonstrations: [],
  parameters: { max_tokens: 5 },
});
const candidates = ["long", "longer still", "ok", "quite long"].map(candidate);
/** Answers with its instruction. */
const model = () => scriptedModel(({ messages }) => messages[0]?.content ?? "");
const inputs = Array.from({ length: 12 }, (_, index) => `input ${index}`);
const shorter = async ({ first, second }: { first: string; second: string }): Promise<number> =>
  first.length === second.length ? 0.5 : first.length < second.length ? 1 : 0;

function duel(ledger: Ledger, asked = model()) {
  return duelCandidates({
    candidates,
    inputs,
    answer: createCandidateAnswers({ model: asked, ledger }),
    judge: shorter,
    random: createRandom("duels"),
    duels: 200,
  });
}

test("the candidate whose answers are preferred wins, and no answer is asked for twice", async () => {
  const asked = model();
  const { best, probabilities, duels } = await duel(new Ledger(), asked);
  expect(best).toBe(2);
  expect(probabilities[2]).toBeGreaterThan(0.9);
  expect(duels).toBeLessThan(200);
  expect(asked.requests.length).toBeLessThanOrEqual(candidates.length * inputs.length);
});

test("ends where the budget ends, with what it knows by then; the same by seed", async () => {
  const { duels } = await duel(new Ledger({ calls: 6 }));
  expect(duels).toBeGreaterThan(0);
  expect(duels).toBeLessThan(7);
  expect(await duel(new Ledger({ calls: 9 }))).toEqual(await duel(new Ledger({ calls: 9 })));
});
