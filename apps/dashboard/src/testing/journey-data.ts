import { fileURLToPath } from "node:url";
import { createRandom } from "@agent-learning/learning";
import { readLabelledCsv } from "../../../../packages/server/src/demo/read-labelled-csv.ts";
import {
  type DemoSplit,
  type LabelledMessage,
  splitMessages,
} from "../../../../packages/server/src/demo/split-messages.ts";
import { type Api, forEach } from "./api.ts";
import type { Annotation, LearningExample, Page } from "./wire.ts";

const MESSAGES = fileURLToPath(
  new URL("../../../../packages/server/src/demo/data/support-messages.csv", import.meta.url),
);

/** Some of the demo's messages, parted as the demo parts them. */
export async function readMessages(): Promise<DemoSplit> {
  const messages: LabelledMessage[] = [];
  for await (const message of readLabelledCsv(MESSAGES)) messages.push(message);
  return splitMessages(messages, createRandom(7), { seedsPerLabel: 3, evidence: 300, later: 0, heldOut: 0 });
}

/** An agent whose thresholds suit an afternoon, in service with its seed demonstrations. Returns its first version. */
export async function createRouter(machine: Api, slug: string, split: DemoSplit): Promise<string> {
  await machine.post("/agents", {
    slug,
    name: "Message router",
    policy: {
      training: {
        min_human_verified: 0,
        min_annotation_agreement: 0,
        min_doubly_annotated: 0,
        double_annotation_share: 0,
      },
    },
  });
  const { id } = await machine.post<{ id: string }>(`/agents/${slug}/versions`, {
    config: {
      runtime: "demonstrations",
      components: { system_prompt: "Answer with the intent of the message." },
      demonstrations: split.seeds.map(({ text, category }) => ({ input: text, output: category })),
    },
    change_summary: "The first version",
  });
  await machine.post(`/agents/${slug}/serving`, { version_id: id });
  return id;
}

/** Answers that were wrong, and what users say they should have been. */
export async function sendEvidence(
  machine: Api,
  slug: string,
  split: DemoSplit,
  versionId: string,
): Promise<void> {
  const messages = split.evidence.slice(0, 300);
  const wrong = (category: string): string => split.labels.find((label) => label !== category) ?? "";
  await machine.post("/executions", {
    executions: messages.map(({ text, category }, index) => ({
      agent_id: slug,
      execution_id: `asked-${index}`,
      version_id: versionId,
      user_id: `asker-${index}`,
      session_id: `asked-${index}`,
      input_text: text,
      output_text: wrong(category),
      status: "succeeded",
      latency_ms: 120,
    })),
  });
  // The first is left for the person at the browser.
  await machine.post("/feedback/batch", {
    feedback: messages.slice(1).map(({ category }, index) => ({
      agent_id: slug,
      execution_id: `asked-${index + 1}`,
      user_id: `asker-${index + 1}`,
      feedback_type: "correction",
      correction_text: category,
      rating: 1,
    })),
  });
}

/** Approves what waits, as a colleague would in a day. */
export async function annotateRest(colleague: Api, slug: string): Promise<number> {
  let cursor: string | null = null;
  let approved = 0;
  do {
    const page: Page<LearningExample> = await colleague.get(
      `/examples?agent_id=${slug}&review_status=pending&limit=200${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    await forEach(page.data, async ({ id }) => {
      const scores = { technical_accuracy: 0.95, professional_quality: 0.9, completeness: 0.9, clarity: 0.9 };
      const done = await colleague
        .post<Annotation>("/annotations", { learning_example_id: id, decision: "approve", ...scores })
        .catch(() => undefined);
      if (done !== undefined) approved += 1;
    });
    cursor = page.next_cursor;
  } while (cursor !== null);
  return approved;
}
