import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentVersion, Rollout, RolloutDetails } from "@agent-learning/contract";
import { createRandom, type LanguageModel } from "@agent-learning/learning";
import { createLearning } from "@agent-learning/sdk";
import { type Application, startApplication } from "../compose.ts";
import { type Config, readConfig } from "../config.ts";
import { clearDataDirectory, withTenant } from "../database/index.ts";
import { annotateEvidence, EXPERT_ERRORS } from "./annotate-evidence.ts";
import { DemoError } from "./demo-error.ts";
import { type DemoModel, type DemoOptions, type Volume, volumeFor } from "./demo-options.ts";
import { LabelledCsvError } from "./labelled-csv-error.ts";
import { buildDataset, learnCandidate } from "./learn-candidate.ts";
import { measureAccuracy } from "./measure-accuracy.ts";
import { prepareWorld } from "./prepare-world.ts";
import { formatSummary } from "./print-summary.ts";
import { readLabelledCsv } from "./read-labelled-csv.ts";
import { readSummary, type SummaryIds } from "./read-summary.ts";
import { SAMPLE, watchRollout } from "./release.ts";
import { createReporter } from "./reporter.ts";
import { returnFailures } from "./return-failures.ts";
import { createRoutingAgent, LOCAL_MODEL, LOOK_UP } from "./routing-agent.ts";
import { runExperiment } from "./run-experiment.ts";
import { createTraffic } from "./run-traffic.ts";
import { USER_BEHAVIOUR } from "./simulated-user.ts";
import { type LabelledMessage, splitMessages } from "./split-messages.ts";

/** Share of requests that the bad version fails: twice the guide's limit, not always. */
const FAULT_RATE = 0.1;
const NO_BACKGROUND_TICK = 600_000;
/** Batches are cut where the traffic says so, not where a timer happens to. */
const FLUSHED_BY_HAND = 60_000;

const DEMO_MODELS: Record<Config["model"]["kind"], DemoModel> = {
  none: "none",
  "openai-compatible": "cheap",
  gguf: "dear",
};

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function latencyOf(model: LanguageModel | undefined): string {
  if (model === undefined) return "";
  return model.prefill === "dear"
    ? ` The model's time is added: ${LOCAL_MODEL.messageMs} ms for a message, ${LOCAL_MODEL.keptTokenMs} ms for a token of the prompt before it, ${LOCAL_MODEL.answerTokenMs} ms for one of the answer.`
    : " The time that the model takes is measured and added.";
}

async function readMessages(options: DemoOptions): Promise<LabelledMessage[]> {
  const file = options.data ?? fileURLToPath(new URL("./data/support-messages.csv", import.meta.url));
  const messages: LabelledMessage[] = [];
  const wanted = options.categories === undefined ? undefined : new Set(options.categories);
  const unseen = new Set(options.categories);
  for await (const message of readLabelledCsv(file)) {
    unseen.delete(message.category);
    if (wanted === undefined || wanted.has(message.category)) messages.push(message);
  }
  if (unseen.size > 0)
    throw new LabelledCsvError(`No message has the category ${[...unseen].join(", ")}; see --categories.`);
  return messages;
}

function demoConfig(options: DemoOptions): Config {
  const config = readConfig({
    ...process.env,
    ...(options.model === undefined ? {} : { LEARNING_MODEL_PATH: resolve(options.model) }),
  });
  const dataDirectory = join(config.dataDirectory, "demo");
  if (config.databaseUrl === undefined) clearDataDirectory(dataDirectory);
  mkdirSync(dataDirectory, { recursive: true });
  return {
    ...config,
    dataDirectory,
    port: options.port,
    host: "127.0.0.1",
    role: "all",
    logLevel: config.logLevel === "info" ? "warn" : config.logLevel,
    allowClock: true,
    // The demo says when the workers look, so that two runs with one seed do the same.
    tickMilliseconds: NO_BACKGROUND_TICK,
  };
}

/** Runs the whole loop and prints what happens; resolves when the person stops the server, or at once with `exit`. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const report = createReporter(process.stdout);
  const random = createRandom(options.seed);
  const messages = await readMessages(options);
  const config = demoConfig(options);
  const volume = volumeFor(options, DEMO_MODELS[config.model.kind]);
  const split = splitMessages(messages, random, volume.messages);
  const application = await startApplication(config);
  try {
    await application.server.listen({ port: config.port, host: config.host });
    const address = application.server.server.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : config.port}`;
    const { summary, background, adminKey } = await runLoop(application, {
      options,
      volume,
      url,
      split,
      random,
      report,
    });
    process.stdout.write(`\n${formatSummary(summary, background)}\n`);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
    if (options.exit) return;
    process.stdout.write(
      `\nThe server stays up for a look. Open the dashboard and sign in with this key:\n` +
        `  ${url}\n` +
        `  ${adminKey}\n` +
        "The same key opens the API:\n" +
        `  curl -H "Authorization: Bearer ${adminKey}" ${url}/api/learning/stats\n` +
        `  curl -H "Authorization: Bearer ${adminKey}" ${url}/api/learning/rollouts?agent_id=support-router\n` +
        `  curl -H "Authorization: Bearer ${adminKey}" ${url}/api/learning/audit\n` +
        "Stop it with Ctrl+C.\n",
    );
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  } finally {
    await application.stop();
  }
}

interface LoopOptions {
  options: DemoOptions;
  volume: Volume;
  url: string;
  split: ReturnType<typeof splitMessages>;
  random: ReturnType<typeof createRandom>;
  report: ReturnType<typeof createReporter>;
}

type LoopResult = Awaited<ReturnType<typeof readSummary>> & { adminKey: string };

async function runLoop(application: Application, loop: LoopOptions): Promise<LoopResult> {
  const { options, volume, url, split, random, report } = loop;
  const model = await application.services.models.load();

  report.step("An agent goes to work");
  const { world, adminKey, secretKey, first } = await prepareWorld(application, {
    url,
    split,
    random,
    report,
    usesModel: model !== undefined,
    desk: options.data === undefined ? "an accounting, audit and tax desk" : "a support desk",
  });
  const runtime =
    model === undefined
      ? "the built-in nearest-demonstrations agent (not a language model)"
      : "a language model";
  report.line(
    `${split.labels.length} intents; the agent is ${runtime}, version 1 with ${split.seeds.length} seed demonstrations.`,
  );
  report.line(
    `${split.evidence.length} messages for evidence, ${split.later.length} for later traffic, ${split.heldOut.length} held out; ${split.duplicates} duplicates left out.`,
  );
  report.line(
    `Its look-up of the ticket is simulated: log-normal, median ${LOOK_UP.medianMs} ms.${latencyOf(model)}`,
  );
  const agent = createRoutingAgent(split.labels, model);
  const learning = createLearning({
    baseUrl: url,
    key: secretKey,
    agentId: world.agent.slug,
    directory: join(application.services.config.dataDirectory, "sdk"),
    flushIntervalMilliseconds: FLUSHED_BY_HAND,
  });
  try {
    await learning.ready();
    await measureAccuracy(world, agent, first, "before");
    const traffic = createTraffic(world, learning, agent);

    report.step("Users ask, vote and correct");
    report.line(
      `Of all answers ${percent(USER_BEHAVIOUR.votes)} get a vote (${percent(USER_BEHAVIOUR.wrongVotes)} of them the wrong way round); ` +
        `${percent(USER_BEHAVIOUR.corrects)} of down-votes on a wrong answer bring a correction (${percent(USER_BEHAVIOUR.wrongCorrections)} of them wrong).`,
    );
    await traffic.run({ messages: split.evidence, requests: volume.evidence, label: "requests" });

    report.step("Experts annotate what came in");
    report.line(
      `They err in ${percent(EXPERT_ERRORS)} of their decisions; nobody sees another's; a reviewer settles disagreements.`,
    );
    await annotateEvidence(world);

    report.step("A dataset is built, held to its thresholds, split and frozen");
    const dataset = await buildDataset(world, volume.split);
    report.line(
      `${dataset.total_examples} examples, ${dataset.human_verified_percentage ?? 0} % human verified, agreement ${((dataset.agreement ?? 0) * 100).toFixed(1)} % over ${dataset.doubly_annotated} doubly annotated.`,
    );

    report.step("A candidate version is learned and meets the gate");
    const { run, candidate } = await learnCandidate(world, {
      datasetId: dataset.id,
      seed: options.seed,
      budgetCalls: volume.budgetCalls,
    });
    const reasons =
      (run.metrics["gate"] as { reasons?: string[] } | undefined)?.reasons ??
      (run.metrics["reasons"] as string[] | undefined) ??
      [];
    for (const reason of reasons.slice(0, 3)) report.line(reason);
    if (candidate === undefined || run.metrics["outcome"] === "reject")
      throw new DemoError(
        `Nothing was learned that is provably better, so there is nothing to release. ${reasons.join(" ")}`.trim(),
      );

    report.step("The candidate meets users: an A/B experiment, valid at any look");
    const experiment = await runExperiment(world, traffic, { usersPerDay: volume.usersPerDay });
    report.line(
      `${experiment.decision ?? "undecided"}: ${experiment.current_control_samples} users in control, ${experiment.current_treatment_samples} in treatment, significance ${experiment.statistical_significance ?? "–"}.`,
    );
    for (const missing of experiment.missing) report.line(missing);

    report.step("It is released by canary: 5 %, 25 %, 100 %");
    report.line(
      `Beside the canary runs a control of equal size. Of the other users ${percent(SAMPLE)} are recorded.`,
    );
    const rollout = await releaseWinner(world, traffic, experiment.id, volume.usersPerHour);
    if (rollout !== undefined)
      report.line(
        `${rollout.status}${rollout.rollback_reason === null ? "" : `: ${rollout.rollback_reason}`}.`,
      );
    await measureAccuracy(world, agent, candidate, "after");

    let identical: Rollout | undefined;
    if (!options.fast) {
      report.step("A version that behaves identically is released the same way, and survives");
      identical = await releaseManual(
        world,
        traffic,
        candidate,
        { note: "behaves like its parent" },
        volume.usersPerHour,
      );
      report.line(`${identical.status}.`);
    }

    report.step(
      `A bad version is released on purpose: its tool times out for ${percent(FAULT_RATE)} of users`,
    );
    const bad = await releaseManual(
      world,
      traffic,
      candidate,
      { fault_rate: FAULT_RATE },
      volume.usersPerHour,
    );
    report.line(`${bad.status}: ${bad.rollback_reason ?? "no reason"}`);

    report.step("What users corrected last comes back as cases of the gate");
    const returned = await returnFailures(world, candidate);
    report.line(
      `${returned.cases} messages are pinned with their corrections; version ${candidate.number} answers ${returned.wrong} of them otherwise. The next candidate is held to them.`,
    );

    const ids: SummaryIds = {
      organizationId: world.organizationId,
      agentId: world.agent.id,
      datasetId: dataset.id,
      experimentId: experiment.id,
      rolloutId: rollout?.id,
      identicalRolloutId: identical?.id,
      badRolloutId: bad.id,
    };
    const read = await withTenant(application.services.database.kysely, world.organizationId, (tx) =>
      readSummary(tx, ids),
    );
    return { ...read, adminKey };
  } finally {
    await learning.close();
  }
}

type World = Awaited<ReturnType<typeof prepareWorld>>["world"];
type Traffic = ReturnType<typeof createTraffic>;

/** The rollout that a won experiment created, started where it waits for a person. */
async function releaseWinner(
  world: World,
  traffic: Traffic,
  experimentId: string,
  usersPerHour: Volume["usersPerHour"],
): Promise<Rollout | undefined> {
  const { lead } = world.people;
  const { data } = await lead.get<{ data: Rollout[] }>(`/rollouts?agent_id=${world.agent.slug}&limit=10`);
  const rollout = data.find((one) => one.experiment_id === experimentId);
  if (rollout === undefined) return undefined;
  if (rollout.status === "pending") await lead.post(`/rollouts/${rollout.id}/start`, {});
  return watchRollout(world, traffic, rollout.id, { usersPerHour, label: "hours of the canary" });
}

/** A version that differs from another in its parameters only, reviewed and released as any other. */
async function releaseManual(
  world: World,
  traffic: Traffic,
  from: AgentVersion,
  parameters: Record<string, string | number>,
  usersPerHour: Volume["usersPerHour"],
): Promise<Rollout> {
  const { engineer, lead } = world.people;
  const version = await engineer.post<AgentVersion>(`/agents/${world.agent.slug}/versions`, {
    config: { ...from.config, parameters: { ...from.config.parameters, ...parameters } },
    parent_version_id: from.id,
    change_summary: JSON.stringify(parameters),
  });
  const rollout = await engineer.post<RolloutDetails>("/rollouts", {
    agent_id: world.agent.slug,
    candidate_version_id: version.id,
  });
  if (rollout.requirements.length > 0) {
    await lead.post(`/agents/${world.agent.slug}/versions/${version.id}/review`, {
      decision: "approve",
      notes: "Approved for the demo.",
    });
  }
  if (rollout.status === "pending") await lead.post(`/rollouts/${rollout.id}/start`, {});
  return watchRollout(world, traffic, rollout.id, { usersPerHour, label: "hours of the canary" });
}
