import type {
  CreateLearningExample,
  LearningExample,
  Role,
  SubmitAnnotation,
} from "@agent-learning/contract";
import type { StoredExecution, StoredFeedback } from "../collection/evidence-observer.ts";
import type { Context } from "../context.ts";
import { createContext } from "../create-context.ts";
import { type DatabaseConnection, json, withSystem } from "../database/index.ts";
import { newId } from "../new-id.ts";
import type { Services } from "../services.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../testing/test-organization.ts";
import { createTestContext, createTestServices } from "../testing/test-services.ts";
import { submitAnnotation } from "./annotations/index.ts";
import { createExample } from "./examples/index.ts";

/** An organization with an agent, and contexts of as many people as a test needs. */
export interface Desk {
  readonly services: Services;
  readonly organization: TestOrganization;
  readonly agentId: string;
  /** One of the organization's members, or its secret key. */
  as(who: Role | "secret"): Context;
  /** A further member. */
  hire(role: Role): Promise<Context & { readonly userId: string }>;
}

export async function openDesk(
  database: DatabaseConnection,
  agent: { slug?: string; config?: object; policy?: object } = {},
): Promise<Desk> {
  const services = createTestServices(database);
  const organization = await createTestOrganization(database);
  const agentId = await createTestAgent(database, organization.id, agent);
  return {
    services,
    organization,
    agentId,
    as: (who) => createTestContext(services, organization, who),
    hire: async (role) => {
      const userId = newId();
      const organization_id = organization.id;
      await withSystem(database.kysely, async (tx) => {
        await tx
          .insertInto("users")
          .values({ organization_id, id: userId, kind: "member", display_name: `${role} ${userId}` })
          .execute();
        await tx.insertInto("memberships").values({ organization_id, user_id: userId, role }).execute();
      });
      const actor = { kind: "user", userId, role, keyId: newId() } as const;
      return { ...createContext(services, organization_id, actor), userId };
    },
  };
}

let count = 0;

/** An example that nobody in particular contributed. */
export async function supply(
  desk: Desk,
  example: Partial<CreateLearningExample> = {},
): Promise<LearningExample> {
  count += 1;
  return desk.as("secret").transact((ctx) =>
    createExample({
      ctx,
      input: {
        agent_id: desk.agentId,
        example_type: "positive",
        input_text: `question ${count} about ${newId()}`,
        original_output: "answer",
        ...(example.example_type === undefined || example.example_type === "positive"
          ? { expected_output: "answer" }
          : {}),
        ...example,
      },
    }),
  );
}

const GOOD = { technical_accuracy: 0.9, professional_quality: 0.9, completeness: 0.9, clarity: 0.9 };

/** An annotation in which everything is `quality`. */
export function judgement(
  exampleId: string,
  input: Partial<SubmitAnnotation> & { quality?: number } = {},
): SubmitAnnotation {
  const { quality, ...rest } = input;
  const dimensions =
    quality === undefined
      ? GOOD
      : {
          technical_accuracy: quality,
          professional_quality: quality,
          completeness: quality,
          clarity: quality,
        };
  return {
    learning_example_id: exampleId,
    annotation_type: "review",
    decision: "approve",
    ...dimensions,
    ...rest,
  };
}

/** Submits an annotation as somebody, without a claim. */
export function annotate(
  person: Context,
  exampleId: string,
  input: Partial<SubmitAnnotation> & { quality?: number } = {},
): ReturnType<typeof submitAnnotation> {
  return person.transact((ctx) => submitAnnotation({ ctx, input: judgement(exampleId, input) }));
}

/** An execution as collection stores it. */
export async function storeExecution(
  desk: Desk,
  values: Partial<StoredExecution & { input_context: object; metadata: object }> = {},
): Promise<StoredExecution> {
  const { input_context = {}, metadata = {}, ...rest } = values;
  const id = newId();
  const row: StoredExecution = {
    id,
    agent_id: desk.agentId,
    external_id: `execution ${id}`,
    version_id: null,
    environment: "production",
    unit_id: null,
    session_id: null,
    user_id: null,
    experiment_id: null,
    rollout_id: null,
    arm: null,
    input_text: `question ${id}`,
    output_text: "answer",
    status: "succeeded",
    error_type: null,
    task_completed: null,
    latency_ms: null,
    cost_usd: null,
    prompt_tokens: null,
    completion_tokens: null,
    created_at: new Date(),
    ...rest,
  };
  await desk.as("secret").transact((ctx) =>
    ctx.tx
      .insertInto("agent_executions")
      .values({
        ...row,
        organization_id: desk.organization.id,
        input_context: json(input_context),
        metadata: json(metadata),
      })
      .execute(),
  );
  return row;
}

/** Feedback as collection stores it, by the organization's end user unless said. */
export async function storeFeedback(
  desk: Desk,
  execution: StoredExecution,
  values: Partial<StoredFeedback> & { feedback_type: string },
): Promise<StoredFeedback> {
  const row: StoredFeedback = {
    id: newId(),
    agent_id: desk.agentId,
    execution_id: execution.id,
    user_id: desk.organization.endUserId,
    rating: null,
    feedback_text: null,
    correction_text: null,
    issue_categories: [],
    dimensions: {},
    signal: null,
    satisfaction: null,
    created_at: new Date(),
    ...values,
  };
  await desk.as("secret").transact((ctx) =>
    ctx.tx
      .insertInto("agent_feedback")
      .values({
        ...row,
        organization_id: desk.organization.id,
        issue_categories: json(row.issue_categories),
        dimensions: json(row.dimensions),
      })
      .execute(),
  );
  return row;
}
