import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, AgentVersion, ApiKey, Member } from "@agent-learning/contract";
import type { Random } from "@agent-learning/learning";
import { createOrganization, grantUserKey } from "../administration/organizations/create-organization.ts";
import type { Application } from "../compose.ts";
import { withSystem } from "../database/index.ts";
import { newId } from "../new-id.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import type { Reporter } from "./reporter.ts";
import type { DemoSplit } from "./split-messages.ts";
import type { DemoWorld, People } from "./world.ts";

const AGENT = "support-router";

async function addPerson(
  admin: ApiClient,
  url: string,
  name: string,
  role: "annotator" | "reviewer",
): Promise<ApiClient> {
  const member = await admin.post<Member>("/members", { display_name: name, role });
  const key = await admin.post<ApiKey & { key: string }>("/api-keys", {
    kind: "user",
    name,
    user_id: member.user_id,
  });
  return createApiClient(url, key.key);
}

export interface PreparedWorld {
  world: DemoWorld;
  adminKey: string;
  secretKey: string;
  first: AgentVersion;
}

/** An organization of its own, its people with their keys, the agent and its first version in service. */
export async function prepareWorld(
  application: Application,
  options: {
    url: string;
    split: DemoSplit;
    random: Random;
    report: Reporter;
    usesModel: boolean;
    desk: string;
    /** The first version's, where it is to be another than one with the seeds. */
    config?: Record<string, unknown>;
  },
): Promise<PreparedWorld> {
  const { url, split, random, report } = options;
  const { organizationId, adminKey } = await withSystem(application.services.database.kysely, async (tx) => {
    const created = await createOrganization(tx, {
      name: `Demo: ${options.desk}`,
      slug: `demo-${newId()}`,
    });
    const key = await grantUserKey(tx, {
      organizationId: created.organizationId,
      userId: created.adminUserId,
      name: "Demo admin",
    });
    return { organizationId: created.organizationId, adminKey: key };
  });
  const admin = createApiClient(url, adminKey);
  const machine = await admin.post<ApiKey & { key: string }>("/api-keys", {
    kind: "secret",
    name: "Agent and automation",
  });
  const expert = async (
    name: string,
    role: "annotator" | "reviewer",
  ): Promise<{ name: string; api: ApiClient }> => ({
    name,
    api: await addPerson(admin, url, name, role),
  });
  const people: People = {
    admin,
    engineer: createApiClient(url, machine.key),
    experts: [
      await expert("Ana", "annotator"),
      await expert("Ben", "annotator"),
      await expert("Cleo", "reviewer"),
    ],
    lead: await addPerson(admin, url, "Dana", "reviewer"),
  };
  const agent = await people.engineer.post<Agent>("/agents", {
    slug: AGENT,
    name: "Support message router",
    // Two experts on each example, so that agreement is measured on all of them; everything else is the guide's.
    policy: { training: { annotation_overlap: 2 } },
  });
  const first = await people.engineer.post<AgentVersion>(`/agents/${AGENT}/versions`, {
    config: options.config ?? {
      runtime: options.usesModel ? "model" : "demonstrations",
      components: { system_prompt: instruction(options.desk, split.labels) },
      demonstrations: split.seeds.map(({ text, category }) => ({ input: text, output: category })),
      parameters: { temperature: 0, max_tokens: 12, stop: ["\n"] },
    },
    change_summary:
      options.config === undefined
        ? `First version: ${split.seeds.length} seed demonstrations`
        : "First version",
  });
  await people.engineer.post(`/agents/${AGENT}/serving`, { version_id: first.id });
  let moved = 0;
  const world: DemoWorld = {
    url,
    organizationId,
    agent,
    people,
    split,
    random,
    report,
    hours: () => moved,
    advance: async (hours) => {
      moved += hours;
      await admin.post("/clock/advance", { seconds: hours * 3_600 });
      await application.services.jobs.tick();
      // Lets the SDK's long poll see what the tick changed.
      await sleep(0);
    },
  };
  return { world, adminKey, secretKey: machine.key, first };
}

function instruction(desk: string, labels: readonly string[]): string {
  return [
    `You route messages that clients send to ${desk}.`,
    "Answer with exactly one of these intents and nothing else:",
    labels.join(", "),
  ].join("\n");
}
