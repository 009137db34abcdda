import { SingleBar } from "cli-progress";

/** What the person at the terminal sees. */
export interface Reporter {
  step(title: string): void;
  line(text: string): void;
  /** A bar for work of known size. On something that is no terminal: one line when it is done. */
  bar(label: string, total: number): { tick(by?: number): void; done(text?: string): void };
}

export function createReporter(out: NodeJS.WriteStream): Reporter {
  let step = 0;
  const line = (text: string): void => void out.write(`   ${text}\n`);
  return {
    step: (title) => {
      step += 1;
      out.write(`\n${String(step).padStart(2)} ${title}\n`);
    },
    line,
    bar: (label, total) => {
      const shown = new SingleBar({
        format: `   ${label} [{bar}] {value}/{total}`,
        barsize: 28,
        stream: out,
        hideCursor: true,
        clearOnComplete: true,
        noTTYOutput: false,
      });
      if (out.isTTY) shown.start(total, 0);
      return {
        tick: (by = 1) => shown.increment(by),
        done: (text) => {
          shown.stop();
          if (text !== undefined) line(text);
        },
      };
    },
  };
}
