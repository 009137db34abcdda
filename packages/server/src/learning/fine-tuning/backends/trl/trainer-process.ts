import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that speaks the trainer's contract: `… run WORK` and `… check`. */
export interface TrainerCommand {
  command: string;
  arguments: readonly string[];
  folder: string;
}

/**
 * Starts the trainer on its own, so that it outlives this server; what it prints goes to a file.
 * @returns the number of its process
 * @throws Error when the program cannot be started
 */
export async function startDetached(
  trainer: TrainerCommand,
  more: readonly string[],
  log: string,
): Promise<number> {
  const output = await open(log, "a");
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(trainer.command, [...trainer.arguments, ...more], {
        cwd: trainer.folder,
        detached: true,
        stdio: ["ignore", output.fd, output.fd],
      });
      child.once("error", reject);
      child.once("spawn", () => {
        child.unref();
        resolve(child.pid ?? 0);
      });
    });
  } finally {
    await output.close();
  }
}

/** Whether the process lives and is a trainer at this folder: numbers of processes are used again. */
export async function isTrainerAt(pid: number, work: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    return words.includes(work);
  } catch {
    // Where there is no /proc the number has to do. Where there is, the process has just ended.
    return process.platform !== "linux";
  }
}

const LOOKS = 50;
const LOOK_MILLISECONDS = 20;

/** Ends a trainer without asking, and waits until it is gone. */
export async function killTrainer(pid: number, work: string): Promise<void> {
  if (!(await isTrainerAt(pid, work))) return;
  process.kill(pid, "SIGKILL");
  for (let look = 0; look < LOOKS && (await isTrainerAt(pid, work)); look += 1)
    await sleep(LOOK_MILLISECONDS);
}

/** Runs `… check` and reads its JSON. Undefined: it answered something else, or not in time. */
export async function askTrainer(trainer: TrainerCommand, milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const child = spawn(trainer.command, [...trainer.arguments, "check"], {
      cwd: trainer.folder,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: milliseconds,
      killSignal: "SIGKILL",
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text = `${text}${chunk.toString()}`.slice(-65_536);
    });
    child.once("error", () => resolve(undefined));
    child.once("close", () => {
      try {
        // Libraries may print before it.
        resolve(JSON.parse(text.slice(text.indexOf("{"))) as unknown);
      } catch {
        resolve(undefined);
      }
    });
  });
}
