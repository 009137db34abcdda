import type {
  Annotation,
  AnnotationQueueStatistics,
  ClaimedAnnotation,
  SubmittedAnnotation,
} from "@agent-learning/contract";
import { createRandom } from "@agent-learning/learning";
import type { DemoWorld } from "./world.ts";

/** Share of decisions in which an expert errs. */
export const EXPERT_ERRORS = 0.02;

interface Person {
  name: string;
  api: DemoWorld["people"]["experts"][number]["api"];
}

/**
 * Experts empty the queue as they would on the page: claim, decide, submit. They know the label, err now and then, and write the
 * right intent over a correction that is wrong. Then somebody else verifies every second annotation.
 */
export async function annotateEvidence(world: DemoWorld): Promise<{ annotations: number; verified: number }> {
  const labelOf = new Map(
    [...world.split.evidence, ...world.split.later].map((message) => [message.text, message.category]),
  );
  const statistics = await world.people.admin.get<AnnotationQueueStatistics>(
    `/annotations/stats?agent_id=${world.agent.slug}`,
  );
  const bar = world.report.bar("annotations", statistics.pending);
  let annotations = 0;
  for (let idle = 0; idle < world.people.experts.length;) {
    idle = 0;
    for (const person of world.people.experts) {
      const done = await annotateNext(world, person, labelOf);
      if (!done) idle += 1;
      else {
        annotations += 1;
        bar.tick();
      }
    }
  }
  // What only somebody who annotated neither may settle.
  while (await annotateNext(world, { name: "Dana", api: world.people.lead }, labelOf)) {
    annotations += 1;
    bar.tick();
  }
  const verified = await verifyHalf(world);
  bar.done(
    `${annotations} annotations by ${world.people.experts.length} experts, ${verified} verified by another person`,
  );
  return { annotations, verified };
}

async function annotateNext(
  world: DemoWorld,
  person: Person,
  labelOf: ReadonlyMap<string, string>,
): Promise<boolean> {
  const claimed = await person.api.post<ClaimedAnnotation | undefined>("/annotations/claim", {
    agent_id: world.agent.slug,
  });
  if (claimed === undefined) return false;
  const { task, example } = claimed;
  // Drawn from the text and the slot, so that the order of claims does not matter.
  const random = createRandom(`${task.slot}:${example.input_text}:${example.example_type}`);
  const label = labelOf.get(example.input_text);
  const errs = random.next() < EXPERT_ERRORS;
  const expected = example.expected_output;
  const fits = expected === label;
  const approves = fits !== errs;
  const corrected = !fits && !errs ? label : undefined;
  await person.api.post<SubmittedAnnotation>("/annotations", {
    learning_example_id: example.id,
    annotation_type: task.kind === "adjudication" ? "adjudication" : "review",
    task_id: task.id,
    fencing_token: task.fencing_token,
    decision: approves || corrected !== undefined ? "approve" : "reject",
    technical_accuracy: 0.9 + 0.1 * random.next(),
    professional_quality: 0.85 + 0.15 * random.next(),
    completeness: 0.85 + 0.15 * random.next(),
    clarity: 0.85 + 0.15 * random.next(),
    ...(corrected === undefined ? {} : { corrected_output: corrected }),
    ...(corrected === undefined ? {} : { notes: "The intent was wrong; corrected." }),
  });
  return true;
}

async function verifyHalf(world: DemoWorld): Promise<number> {
  // Somebody who annotated nothing.
  const verifier = world.people.admin;
  let verified = 0;
  let seen = 0;
  let cursor: string | null = null;
  do {
    const query = `agent_id=${world.agent.slug}&is_verified=false&limit=200${cursor === null ? "" : `&cursor=${cursor}`}`;
    const page: { data: Annotation[]; next_cursor: string | null } = await verifier.get(
      `/annotations?${query}`,
    );
    for (const annotation of page.data) {
      seen += 1;
      if (seen % 2 === 0) continue;
      await verifier.post(`/annotations/${annotation.id}/verify`, {});
      verified += 1;
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return verified;
}
