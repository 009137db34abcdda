import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentVersion, ApiKey, ClaimedAnnotation, Member, TrainingRun } from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type ApiClient, createApiClient } from "../demo/api-client.ts";
import { type CliProcess, type CliResult, runCli, startCli } from "../testing/cli-process.ts";

const ADMIN_KEY = "als_uk_the-administrator-of-this-test";
const SUBJECTS = ["payroll", "audit", "vat"];
const POLICY = {
  training: {
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
    double_annotation_share: 0,
    annotation_overlap: 1,
    max_items_per_contributor: 10_000,
    max_share_per_contributor: 1,
  },
};

describe("agent-learning training", () => {
  const directory = mkdtempSync(join(tmpdir(), "als-training-"));
  let server: CliProcess;
  let api: ApiClient;
  let dataset: string;
  beforeAll(async () => {
    const data = join(directory, "data");
    cpSync(join(inject("pgliteTemplates"), "migrated"), data, { recursive: true });
    server = await startCli(["serve", "--port", "0"], {
      LEARNING_DATA_DIR: data,
      LEARNING_ADMIN_KEY: ADMIN_KEY,
      LEARNING_TICK_MILLISECONDS: "200",
    });
    api = createApiClient(server.announced.url ?? "", ADMIN_KEY);
    await api.post("/agents", { slug: "clerk", policy: POLICY });
    const first = await api.post<AgentVersion>("/agents/clerk/versions", {
      config: { runtime: "demonstrations", demonstrations: [{ input: "vat return", output: "vat" }] },
    });
    await api.post("/agents/clerk/serving", { version_id: first.id });
    for (const subject of SUBJECTS) {
      for (let index = 0; index < 16; index += 1) {
        await api.post("/examples", {
          agent_id: "clerk",
          example_type: "correction",
          input_text: `my ${subject} question number ${index} about ${subject}`,
          original_output: "something else",
          expected_output: subject,
        });
      }
    }
    // Nobody judges what they gave themselves.
    const member = await api.post<Member>("/members", { display_name: "Ana", role: "reviewer" });
    const { key } = await api.post<ApiKey & { key: string }>("/api-keys", {
      kind: "user",
      name: "Ana",
      user_id: member.user_id,
    });
    const ana = createApiClient(server.announced.url ?? "", key);
    for (;;) {
      const claimed = await ana.post<ClaimedAnnotation | undefined>("/annotations/claim", {
        agent_id: "clerk",
      });
      if (claimed === undefined) break;
      await ana.post("/annotations", {
        learning_example_id: claimed.example.id,
        annotation_type: "review",
        task_id: claimed.task.id,
        fencing_token: claimed.task.fencing_token,
        decision: "approve",
        technical_accuracy: 1,
        professional_quality: 1,
        completeness: 1,
        clarity: 1,
      });
    }
    const made = await api.post<{ id: string }>("/datasets", { agent_id: "clerk", name: "subjects" });
    await api.post(`/datasets/${made.id}/freeze`, {});
    dataset = made.id;
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  });

  const draft = (backend = "context"): Promise<TrainingRun> =>
    api.post<TrainingRun>("/training-runs", {
      name: `by ${backend}`,
      agent_id: "clerk",
      training_type: "supervised_fine_tuning",
      dataset_id: dataset,
      config: { backend },
    });
  const training = (args: readonly string[], environment: Record<string, string> = {}): Promise<CliResult> =>
    runCli(["training", ...args], {
      LEARNING_URL: server.announced.url ?? "",
      LEARNING_KEY: ADMIN_KEY,
      ...environment,
    });

  it("starts a draft, follows it to its review and lists it", async () => {
    const { id } = await draft();
    const started = await training(["start", id, "--watch"]);
    expect(started, started.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(started.stdout).toMatch(/rows to train on, \d+ to judge by/);
    expect(started.stdout).toContain("The run is validating.");
    expect(started.stdout).toContain("awaiting review\n");
    expect(started.stdout).toMatch(/The run is awaiting_review\. .* held-out rows before, .* after/);
    const listed = await training(["list", "--agent", "clerk", "--status", "completed"]);
    expect(listed.code, listed.stderr).toBe(0);
    expect(listed.stdout).toMatch(
      new RegExp(`^${id} +awaiting_review +100 % +supervised_fine_tuning context sft +by context$`, "m"),
    );
    // What is over is shown from its beginning, and as JSON to programs.
    const watched = await training(["watch", id, "--json"]);
    const events = watched.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(["started", "trained", "end"]));
    expect(events.at(-1)).toMatchObject({ event: "end", id, phase: "awaiting_review" });
  });

  it("cancels a draft, and ends with 1 where a watched run did not come to its end", async () => {
    const { id } = await draft();
    expect(await training(["cancel", id])).toMatchObject({ code: 0, stdout: "The run is cancelled.\n" });
    const watched = await training(["watch", id]);
    expect(watched.code).toBe(1);
    expect(watched.stdout).toContain("The run is cancelled.");
  });

  it.each([["pause"], ["resume"]])("ends with 1 where there is nothing to %s", async (verb) => {
    const { id } = await draft();
    const result = await training([verb, id]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/The server refused: .*draft/);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it("says what is missing before it starts anything", async () => {
    const { id } = await draft("trl");
    const result = await training(["start", id]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("LEARNING_MODEL_PATH");
  });

  it.each<[string, string[], Record<string, string>, number, RegExp]>([
    ["no server", ["list", "--agent", "clerk"], { LEARNING_URL: "" }, 2, /--url/],
    ["no key", ["list", "--agent", "clerk"], { LEARNING_KEY: "" }, 2, /LEARNING_KEY/],
    ["a wrong key", ["list", "--agent", "clerk"], { LEARNING_KEY: "als_sk_nobodys" }, 2, /401/],
    ["no agent", ["list"], {}, 2, /--agent/],
    ["a status that there is not", ["list", "--agent", "clerk", "--status", "lost"], {}, 2, /status/],
    ["an id that is none", ["watch", "run-7"], {}, 2, /refused/],
    ["a run that there is not", ["pause", "0198c0de-0000-7000-8000-000000000000"], {}, 2, /404/],
    ["an unknown verb", ["stop", "run-7"], {}, 2, /unknown command|too many arguments/],
    [
      "a server that is away",
      ["list", "--agent", "clerk"],
      { LEARNING_URL: "http://127.0.0.1:9" },
      3,
      /cannot be reached/,
    ],
  ])("ends well for %s", async (_what, args, environment, code, message) => {
    const result = await training(args, environment);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.code).toBe(code);
  });
});
