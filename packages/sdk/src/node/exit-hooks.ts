/** What an instance does when the process ends. */
export interface ExitHooks {
  /** Writes what is left to disk, at once. */
  drain: () => void;
  /** Sends what is left, within bounds. Undefined: only `drain`. */
  flush: (() => Promise<unknown>) | undefined;
}

const registered = new Set<ExitHooks>();
let installed = false;
let terminating = false;
let flushedBeforeExit = false;

async function flushAll(): Promise<void> {
  await Promise.allSettled([...registered].map(async ({ flush }) => flush?.()));
}

function onBeforeExit(): void {
  // Sending makes the process busy, after which it would be asked again, for ever with the server away.
  if (flushedBeforeExit || ![...registered].some(({ flush }) => flush !== undefined)) return;
  flushedBeforeExit = true;
  void flushAll();
}

function onTerminate(): void {
  if (terminating) return;
  terminating = true;
  // Another listener is the agent's own way to end: it decides when. Without one, listening has taken away the default.
  const ours = process.listenerCount("SIGTERM") === 1;
  void flushAll().then(() => {
    terminating = false;
    if (!ours) return;
    process.removeListener("SIGTERM", onTerminate);
    process.kill(process.pid, "SIGTERM");
  });
}

function onExit(): void {
  for (const { drain } of registered) drain();
}

/** One set of listeners for all instances of the process, there while an instance needs it. Returns the way out. */
export function registerExitHooks(hooks: ExitHooks): () => void {
  registered.add(hooks);
  update();
  return () => {
    registered.delete(hooks);
    update();
  };
}

function update(): void {
  const flushing = [...registered].some(({ flush }) => flush !== undefined);
  process.removeListener("SIGTERM", onTerminate);
  process.removeListener("beforeExit", onBeforeExit);
  if (flushing) {
    process.on("SIGTERM", onTerminate);
    process.on("beforeExit", onBeforeExit);
  }
  if (installed !== registered.size > 0) {
    installed = registered.size > 0;
    if (installed) process.on("exit", onExit);
    else process.removeListener("exit", onExit);
  }
}
