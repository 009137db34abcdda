// Fine-tuning through the whole product on a real model: corrections are imported and annotated, a run is created by the API, estimated,
// started by one person, trained by the Python trainer, measured on held-out rows, reviewed by another person and staged; then an
// agent of its own fetches the adapter by its hash, serves it beside the base model by node-llama-cpp in a canary, and the canary promotes it.
//
//   npm run trainer:install && npm install --no-save node-llama-cpp@3.22.1
//   node --conditions=agent-learning-source benchmarks/fine-tuning-loop.ts --data FOLDER --model FILE.gguf --work FOLDER
//
// --data holds banking77's train.csv and test.csv; --work is emptied. With --ray URL the same trainer runs as a job of that Ray cluster.
// Options: --intents 4  --rows 160  --held-out 60  --method supervised_fine_tuning  --threads 2. Exits with 1 where anything is not as it must be.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type {
  AgentVersion,
  FineTuningEstimate,
  RolloutDetails,
  ServingConfiguration,
  TrainingArtifacts,
  TrainingRun,
} from "@agent-learning/contract";
import { createRandom } from "@agent-learning/learning";
import { createLearning } from "@agent-learning/sdk";
import { wilsonInterval } from "@agent-learning/statistics";
import { startApplication } from "../packages/server/src/compose.ts";
import { readConfig } from "../packages/server/src/config.ts";
import { annotateEvidence } from "../packages/server/src/demo/annotate-evidence.ts";
import { buildDataset } from "../packages/server/src/demo/learn-candidate.ts";
import { prepareWorld } from "../packages/server/src/demo/prepare-world.ts";
import { watchRollout } from "../packages/server/src/demo/release.ts";
import { createReporter } from "../packages/server/src/demo/reporter.ts";
import { createTraffic } from "../packages/server/src/demo/run-traffic.ts";
import { type LabelledMessage, splitMessages } from "../packages/server/src/demo/split-messages.ts";
import { createAdapterAgent } from "./fine-tuning/adapter-agent.ts";
import { dpoRows, INSTRUCTION } from "./fine-tuning/training-rows.ts";
import { CARD_INTENTS, readCardIntents } from "./prompt-learning-smoke/card-intents.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    model: { type: "string" },
    work: { type: "string" },
    ray: { type: "string" },
    intents: { type: "string", default: "4" },
    rows: { type: "string", default: "160" },
    "held-out": { type: "string", default: "60" },
    method: { type: "string", default: "supervised_fine_tuning" },
    threads: { type: "string", default: "2" },
  },
});

function skip(what: string): never {
  console.log(`Skipped: ${what}`);
  process.exit(0);
}
function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
const data = options.data ?? skip("--data must name a folder with banking77's train.csv and test.csv.");
const model = resolve(options.model ?? skip("--model must name the GGUF file of an instruct model."));
const work = resolve(options.work ?? skip("--work must name a folder."));
const python = fileURLToPath(new URL("../trainers/trl/.venv/bin/python", import.meta.url));
if (!existsSync(python)) skip("npm run trainer:install has not been run.");
if (!existsSync(model)) skip(`there is no ${model}.`);

const threads = Number(options.threads);
process.env["AGENT_LEARNING_TRAINER_THREADS"] ??= options.threads;
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

const rowCount = Number(options.rows);
const heldOutCount = Number(options["held-out"]);
const intents = CARD_INTENTS.slice(0, Number(options.intents));
const { test, training } = await readCardIntents(data, 10_000);
const toMessage = ({ input, expected }: { input: string; expected: string }): LabelledMessage => ({
  text: input,
  category: expected,
});
const isChosen = ({ expected }: { expected: string }): boolean => intents.includes(expected);
const pool = training("loop", 10_000).filter(isChosen);
const corrections = pool.slice(0, rowCount);
const random = createRandom("fine-tuning loop");
const split = {
  ...splitMessages(corrections.map(toMessage), random, {
    seedsPerLabel: 1,
    evidence: 0,
    later: 0,
    heldOut: 0,
  }),
  evidence: corrections.map(toMessage),
  later: test.filter(isChosen).slice(heldOutCount).map(toMessage).slice(0, 40),
  heldOut: test.filter(isChosen).slice(0, heldOutCount).map(toMessage),
};

const application = await startApplication({
  ...readConfig({
    LEARNING_DATA_DIR: work,
    LEARNING_MODEL_PATH: model,
    LEARNING_MODEL_THREADS: options.threads,
    LEARNING_RAY_URL: options.ray ?? "",
    LEARNING_RAY_COMMAND: `${python} -m agent_learning_trl`,
  }),
  port: 0,
  logLevel: "warn",
  allowClock: true,
  tickMilliseconds: 1_000,
});
const report = createReporter(process.stdout);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

try {
  await application.server.listen({ port: 0, host: "127.0.0.1" });
  const address = application.server.server.address();
  must(typeof address === "object" && address !== null, "the server has no address");
  const url = `http://127.0.0.1:${address.port}`;

  report.step("An agent with a short instruction and no examples; corrections are imported and annotated");
  const prepared = await prepareWorld(application, {
    url,
    split,
    random,
    report,
    usesModel: true,
    desk: "a support desk",
    config: {
      runtime: "model",
      components: { system_prompt: INSTRUCTION },
      parameters: { temperature: 0, max_tokens: 12 },
    },
  });
  const { world, secretKey, first: base } = prepared;
  const { engineer, experts, lead } = world.people;
  const rejected = dpoRows(corrections, "loop");
  const lines = corrections.map(({ input, expected }, index) =>
    JSON.stringify({
      example_type: "correction",
      input_text: input,
      original_output: rejected[index]?.rejected ?? "",
      expected_output: expected,
    }),
  );
  const imported = await fetch(`${url}/api/learning/examples/import?agent_id=${world.agent.slug}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/x-ndjson" },
    body: `${lines.join("\n")}\n`,
  });
  must(imported.ok, await imported.text());
  await annotateEvidence(world);
  const dataset = await buildDataset(world, { train: 0.75, validation: 0.05, test: 0.2 });
  report.line(`${dataset.total_examples ?? 0} approved corrections of ${intents.length} intents, frozen.`);

  report.step("A run is drafted by the machine, estimated, and started by a person");
  const draft = await engineer.post<TrainingRun>("/training-runs", {
    name: "Fine-tuning on corrections",
    agent_id: world.agent.slug,
    training_type: options.method,
    dataset_id: dataset.id,
    config: { backend: options.ray === undefined ? "trl" : "ray" },
    hyperparameters: { epochs: 1, learning_rate: 1e-3, max_length: 256, save_steps: 4 },
  });
  const path = `/training-runs/by-id/${draft.id}`;
  const estimate = await engineer.get<FineTuningEstimate>(`${path}/estimate`);
  must(estimate.ready, [...estimate.missing, ...estimate.problems].join(" "));
  report.line(
    `${estimate.rows.train} rows, ${estimate.tokens} tokens, ${estimate.steps ?? 0} steps, about ${estimate.seconds ?? 0} s.`,
  );
  // While the model answers on all cores, the server in the same process may drop a connection.
  const look = async (): Promise<TrainingRun> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await engineer.get<TrainingRun>(path);
      } catch (error) {
        if (!(error instanceof TypeError) || tries === 10) throw error;
        await sleep(1_000);
      }
    }
  };
  const launcher = experts[2]?.api;
  must(launcher !== undefined, "nobody can start it");
  const started = performance.now();
  await launcher.post(`${path}/start`, {});
  let run = draft;
  const bar = report.bar("steps", estimate.steps ?? 0);
  for (let shown = 0; run.status !== "completed"; await sleep(1_000)) {
    run = await look();
    must(run.status !== "failed" && run.status !== "cancelled", JSON.stringify(run.error));
    bar.tick((run.current_step ?? 0) - shown);
    shown = run.current_step ?? 0;
  }
  bar.done();
  const gate = run.metrics["gate"] as { baseline_score: number; candidate_score: number; rows: number };
  const trained = run.metrics["training_seconds"] as number;
  report.line(
    `Trained in ${Math.round(trained)} s, judged after ${Math.round((performance.now() - started) / 1_000)} s: ` +
      `${percent(gate.baseline_score)} of ${gate.rows} held-out rows before, ${percent(gate.candidate_score)} after.`,
  );

  report.step("Whoever started it may not approve it; another person does, and it is staged");
  const own = await launcher.post(`${path}/review`, { decision: "approved" }).then(
    () => "approved",
    () => "refused",
  );
  must(own === "refused", "the launcher approved an own run");
  await lead.post(`${path}/review`, { decision: "approved", notes: "Compared the rows." });
  while (run.phase !== "staging") {
    run = await look();
    must(run.phase !== "failed", JSON.stringify(run.error));
    await sleep(500);
  }
  const candidate = await engineer.get<AgentVersion>(
    `/agents/${world.agent.slug}/versions/${run.candidate_version_id ?? ""}`,
  );
  const staged = await engineer.get<ServingConfiguration & { default_version_id: string }>(
    `/agents/${world.agent.slug}/serving?environment=staging`,
  );
  must(staged.default_version_id === candidate.id, "staging does not serve the candidate");
  const { data: files } = await engineer.get<TrainingArtifacts>(`${path}/artifacts`);
  for (const { name, bytes, sha256 } of files)
    report.line(`${name}: ${bytes} bytes, sha256 ${sha256.slice(0, 12)}…`);

  report.step("The agent fetches the adapter, serves it in a canary, and the canary promotes it");
  const agent = createAdapterAgent({
    url,
    key: secretKey,
    model,
    threads,
    labels: split.labels,
    folder: work,
  });
  const learning = createLearning({
    baseUrl: url,
    key: secretKey,
    agentId: world.agent.slug,
    directory: join(work, "sdk"),
    flushIntervalMilliseconds: 60_000,
  });
  try {
    await learning.ready();
    const accuracyOf = async ({ config }: AgentVersion): Promise<string> => {
      await agent.prepare(config, split.heldOut);
      let right = 0;
      for (const { text, category } of split.heldOut)
        if ((await agent.answer(config, "held-out", text)).output === category) right += 1;
      const { lower, upper } = wilsonInterval(right, split.heldOut.length);
      return `${percent(right / split.heldOut.length)} of ${split.heldOut.length} (95 % ${percent(lower)} to ${percent(upper)})`;
    };
    report.line(`Held-out messages that the agent answers with the label: base ${await accuracyOf(base)}.`);
    report.line(`With the adapter: ${await accuracyOf(candidate)}.`);
    must(agent.fetched.size === 1, "the adapter was not fetched");
    const rollout = await engineer.post<RolloutDetails>("/rollouts", {
      agent_id: world.agent.slug,
      candidate_version_id: candidate.id,
    });
    if (rollout.status === "pending") await lead.post(`/rollouts/${rollout.id}/start`, {});
    const traffic = createTraffic(world, learning, agent);
    const ended = await watchRollout(world, traffic, rollout.id, {
      usersPerHour: { canary: 1_000, later: 120 },
      label: "hours of the canary",
    });
    run = await look();
    const serving = await engineer.get<{ default_version_id: string }>(`/agents/${world.agent.slug}/serving`);
    report.line(`Rollout ${ended.status} after ${world.hours()} h; the run is ${run.phase ?? ""}.`);
    must(run.phase === "promoted", `the run is ${run.phase ?? ""}: ${ended.rollback_reason ?? ""}`);
    must(serving.default_version_id === candidate.id, "production does not serve the candidate");
  } finally {
    await learning.close();
    await agent.dispose();
  }
} finally {
  await application.stop();
}
