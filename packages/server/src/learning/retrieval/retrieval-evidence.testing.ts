import { createRandom, randomInteger } from "@agent-learning/learning";
import { newId } from "../../new-id.ts";
import type { TestApi } from "../../testing/test-api.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";

const TOPICS = 25;
const WORDS = "alpha bravo castle delta ember falcon garden harbour island jungle".split(" ");

const topicWords = (topic: number): string[] => [
  `${WORDS[topic % 10] ?? ""}${topic}`,
  `${WORDS[(topic * 3 + 1) % 10] ?? ""}${topic}`,
  `${WORDS[(topic * 7 + 2) % 10] ?? ""}${topic}`,
];

/** A question about a topic, and what a store that does not know its words finds: the right chunk among nine others, in no order. */
export interface SimulatedQuery {
  query: string;
  relevant: string;
  candidates: { chunk_id: string; score: number }[];
}

export function simulatedQueries(count: number, seed: string): SimulatedQuery[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const topic = randomInteger(random, TOPICS);
    const left = randomInteger(random, 3);
    const words = topicWords(topic).filter((_word, place) => place !== left);
    const others = Array.from({ length: 9 }, () => randomInteger(random, TOPICS));
    const candidates = [...new Set([topic, ...others])]
      .map((each) => ({ chunk_id: `chunk-${each}`, score: random.next() }))
      .toSorted((one, other) => other.score - one.score);
    return { query: `please tell me ${words.join(" ")}`, relevant: `chunk-${topic}`, candidates };
  });
}

/** Sends them as an agent and its users do: executions, retrievals, and marks on chunks, those of `wrong` on the wrong chunk. */
export async function sendQueries(
  api: TestApi,
  organization: TestOrganization,
  queries: readonly SimulatedQuery[],
  {
    prefix,
    wrong = () => false,
    excerptOf,
  }: {
    prefix: string;
    wrong?: (index: number) => boolean;
    /** What a chunk says, where the agent tells it. */
    excerptOf?: (chunk: string) => string;
  },
): Promise<void> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await api.call(organization, "POST", path, { as: "secret", body });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  };
  const executions = queries.map(({ query }, index) => ({
    agent_id: "my-agent",
    execution_id: `${prefix}-${index}`,
    user_id: `asker-${index % 40}`,
    input_text: query,
    output_text: "an answer",
    status: "succeeded",
  }));
  const retrievals = queries.map(({ query, candidates }, index) => ({
    id: newId(),
    agent_id: "my-agent",
    execution_id: `${prefix}-${index}`,
    query,
    chunks: candidates.map((candidate, place) => ({
      ...candidate,
      rank: place + 1,
      ...(excerptOf === undefined ? {} : { excerpt: excerptOf(candidate.chunk_id) }),
    })),
  }));
  const feedback = queries.map(({ relevant, candidates }, index) => {
    const other = candidates.find(({ chunk_id: id }) => id !== relevant)?.chunk_id ?? relevant;
    return {
      agent_id: "my-agent",
      execution_id: `${prefix}-${index}`,
      user_id: `asker-${index % 40}`,
      feedback_type: "thumbs_up",
      metadata: { chunk_marks: [{ chunk_id: wrong(index) ? other : relevant, relevant: true }] },
    };
  });
  await post("/executions", { executions });
  await post("/retrievals", { retrievals });
  await post("/feedback/batch", { feedback });
}
