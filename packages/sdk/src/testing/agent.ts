// An agent in a process of its own, driven over standard input and output, one JSON text a line.
import { createInterface } from "node:readline";
import { createLearning } from "../index.ts";

const [baseUrl = "", directory = "", flushOnExit = ""] = process.argv.slice(2);
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const learning = createLearning({
  baseUrl,
  directory,
  key: "als_sk_test",
  agentId: "my-agent",
  flushOnExit: flushOnExit === "flush",
  flushIntervalMilliseconds: 50,
  requestTimeoutMilliseconds: 2_000,
  onError: ({ kind, message }) => say({ error: kind, message }),
});
const lines = createInterface(process.stdin);
say({ resolved: learning.resolve("user-1") });

function record(prefix: string, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const executionId = `${prefix}-${i}`;
    learning.record({ executionId, inputText: `input ${i}`, unitId: `user-${i}` });
    if (i % 10 === 0) learning.feedback({ executionId, feedbackType: "thumbs_up", userId: "rater" });
  }
}

const commands: Record<string, (argument: string) => Promise<unknown>> = {
  record: async (argument) => record(argument, 200),
  disk: () => learning.flush({ to: "disk" }),
  flush: () => learning.flush({ timeoutMilliseconds: 20_000 }),
  stats: async () => learning.stats(),
  ready: () => learning.ready(5_000),
  resolve: async (unit) => learning.resolve(unit),
  // Ends without close, as most scripts do.
  leave: async () => lines.close(),
  exit: async () => {
    record("last", 20);
    process.exit(0);
  },
};
lines.on("line", (line) => {
  const [command = "", argument = ""] = line.split(" ");
  void commands[command]?.(argument).then((done) => say({ done: done ?? null }));
});
