// Assignments per second on one core: what `resolve()` costs an agent.
//
//   node --conditions=agent-learning-source benchmarks/sdk-resolve.ts
//
// The SDK gets its configuration from a server in this process, as it would from the real one, then the server is closed:
// resolve() is local. A running experiment, a rollout at 5 % and no split; units in ASCII and beyond. Beside it, recording with
// the server away, which is what the agent pays for telemetry. Options: --seconds N for each measurement (2), --json.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLearning, type Learning } from "@agent-learning/sdk";

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "2" }, json: { type: "boolean", default: false } },
});
const milliseconds = Number(options.seconds) * 1_000;
const UNITS = 65_536;
const id = (n: number): string => `01935f00-0000-7000-8000-${String(n).padStart(12, "0")}`;

interface Arm {
  name: string;
  version_id: string;
  start: number;
  end: number;
}

const version = (n: number): object => ({
  id: id(n),
  number: n,
  content_hash: `hash-${n}`,
  config: {
    runtime: "model",
    components: { system_prompt: "You answer briefly." },
    demonstrations: [],
    playbook: [],
    retrieval: {},
    model: null,
    adapter: null,
    parameters: {},
  },
});

function serving(kind: string, arms: Arm[]): object {
  return {
    agent_id: id(100),
    slug: "my-agent",
    environment: "production",
    revision: 1,
    config: {
      learning_enabled: true,
      feedback_collection: { auto_collect: true, min_rating_for_positive: 4, collect_corrections: true },
    },
    default_version_id: id(1),
    versions: { [id(1)]: version(1), [id(2)]: version(2) },
    split: arms.length === 0 ? null : { kind, id: id(200), seed: id(300), stage: 0, share: 0.5, arms },
  };
}

/** An agent whose server has told it this, and is gone. */
async function agentWith(answer: object, directory: string): Promise<Learning> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { etag: '"1"', "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const learning = createLearning({
    baseUrl,
    key: "k",
    agentId: "my-agent",
    directory,
    onError: () => undefined,
  });
  const known = await learning.ready();
  server.close().closeAllConnections();
  if (!known) throw new Error("the SDK did not get its configuration");
  return learning;
}

interface Rate {
  name: string;
  perSecond: number;
}

function measureResolve(name: string, learning: Learning, units: readonly string[]): Rate {
  const { resolve } = learning;
  let splits = 0;
  let calls = 0;
  const run = (until: number): number => {
    const started = performance.now();
    calls = 0;
    while (performance.now() < until + started) {
      for (const unit of units) splits += resolve(unit).split === null ? 0 : 1;
      calls += units.length;
    }
    return calls / ((performance.now() - started) / 1_000);
  };
  run(milliseconds / 4);
  const perSecond = run(milliseconds);
  if (splits < 0) throw new Error("unreachable: keeps the loop from being optimised away");
  return { name, perSecond };
}

async function measureRecord(learning: Learning): Promise<Rate> {
  const started = performance.now();
  let calls = 0;
  let blocked = 0;
  while (performance.now() - started < milliseconds) {
    const from = performance.now();
    for (let i = 0; i < 100; i += 1) {
      learning.record({
        inputText: "How do I file a VAT return?",
        outputText: "Like this.",
        unitId: `u${i}`,
      });
    }
    calls += 100;
    blocked += performance.now() - from;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { dropped } = learning.stats();
  const name = `record(), server away, ${dropped.full} dropped`;
  return { name, perSecond: calls / (blocked / 1_000) };
}

const directory = mkdtempSync(join(tmpdir(), "als-sdk-benchmark-"));
const ascii = Array.from({ length: UNITS }, (_, i) => `user-${i}`);
const uuids = Array.from({ length: UNITS }, (_, i) => id(i));
const beyond = Array.from({ length: UNITS }, (_, i) => `Müller-租户-${i}`);
const halves: Arm[] = [
  { name: "control", version_id: id(1), start: 0, end: 0.5 },
  { name: "treatment", version_id: id(2), start: 0.5, end: 1 },
];
const canary: Arm[] = [
  { name: "candidate", version_id: id(2), start: 0, end: 0.05 },
  { name: "control", version_id: id(1), start: 0.95, end: 1 },
];
try {
  const rates: Rate[] = [];
  const experiment = await agentWith(serving("experiment", halves), join(directory, "a"));
  rates.push(measureResolve("resolve(), experiment, user-123", experiment, ascii));
  rates.push(measureResolve("resolve(), experiment, UUIDs", experiment, uuids));
  rates.push(measureResolve("resolve(), experiment, beyond ASCII", experiment, beyond));
  const rollout = await agentWith(serving("rollout", canary), join(directory, "b"));
  rates.push(measureResolve("resolve(), rollout at 5 %, UUIDs", rollout, uuids));
  const plain = await agentWith(serving("", []), join(directory, "c"));
  rates.push(measureResolve("resolve(), no split", plain, uuids));
  rates.push(await measureRecord(plain));
  for (const learning of [experiment, rollout, plain]) await learning.close({ timeoutMilliseconds: 1 });
  if (options.json) process.stdout.write(`${JSON.stringify(rates)}\n`);
  else {
    process.stdout.write(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core\n`);
    for (const { name, perSecond } of rates) {
      process.stdout.write(
        `${name.padEnd(44)} ${Math.round(perSecond).toLocaleString("en").padStart(14)}/s\n`,
      );
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
