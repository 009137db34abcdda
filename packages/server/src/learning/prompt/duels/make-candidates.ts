import {
  type Candidate,
  candidateHash,
  estimatePromptTokens,
  type LanguageModel,
  type Ledger,
  parseProposal,
  type PreferredPair,
  proposalPrompt,
  type Random,
  renderPrompt,
  type Row,
  shuffled,
} from "@agent-learning/learning";

const SIZES = [4, 8, 16, 32];
const PROPOSALS = 2;
const PAIRS_SHOWN = 6;
const LONGEST_PROPOSAL = 1_024;
const MOST_PROMPT_TOKENS = 4_000;

interface Options {
  seed: Candidate;
  training: readonly Row[];
  pairs: readonly PreferredPair[];
  model: LanguageModel;
  ledger: Ledger;
  random: Random;
  signal: AbortSignal;
}

/** The seed, the seed with preferred answers as demonstrations, and instructions that the model wrote from what people preferred. */
export async function makeDuellists(options: Options): Promise<Candidate[]> {
  const all = [options.seed, ...withDemonstrations(options), ...(await withInstructions(options))];
  return [...new Map(all.map((candidate) => [candidateHash(candidate), candidate])).values()];
}

function withDemonstrations({ seed, training, random }: Options): Candidate[] {
  const order = shuffled(random.fork("demonstrations"), training);
  return SIZES.filter((size) => size <= order.length)
    .map((size) => ({
      ...seed,
      demonstrations: order
        .slice(0, size)
        .map(({ id, input, expected }) => ({ input, output: expected, exampleId: id })),
    }))
    .filter((candidate) => estimatePromptTokens(renderPrompt(candidate, "")) <= MOST_PROMPT_TOKENS);
}

async function withInstructions({
  seed,
  pairs,
  model,
  ledger,
  random,
  signal,
}: Options): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (let proposal = 0; proposal < PROPOSALS && pairs.length > 0; proposal += 1) {
    const shown = shuffled(random.fork(`pairs ${proposal}`), pairs).slice(0, PAIRS_SHOWN);
    const messages = proposalPrompt(
      seed.components["system_prompt"] ?? "",
      shown.map(({ input, preferred, other }, index) => ({
        row: { id: String(index), input, expected: preferred },
        evaluated: {
          rowId: String(index),
          output: other,
          score: 0,
          feedback: "People preferred the expected answer to this one.",
          objectives: {},
          usage: { promptTokens: 0, completionTokens: 0 },
        },
      })),
      [],
    );
    const reservation = ledger.reserve("proposer", estimatePromptTokens(messages) + LONGEST_PROPOSAL);
    try {
      const said = await model.generate({ messages, temperature: 0.8, maxTokens: LONGEST_PROPOSAL, signal });
      reservation.settle(said);
      const instruction = parseProposal(said.text);
      if (instruction !== undefined)
        candidates.push({ ...seed, components: { ...seed.components, system_prompt: instruction } });
    } catch {
      // One proposal is lost, nothing else; what is wrong with the model shows in the duels.
      reservation.fail();
      signal.throwIfAborted();
    }
  }
  return candidates;
}
