import { type JSX, useSyncExternalStore } from "react";
import { NOTHING } from "../format/numbers.ts";
import { exactTime, relativeTime } from "../format/time.ts";
import { serverNow } from "../session/server-clock.ts";

const TICK = 15_000;
const listeners = new Set<() => void>();
let ticks = 0;
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    ticks += 1;
    for (const one of listeners) one();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Renders again every quarter of a minute; all clocks of a page share one timer. */
export function useTick(): void {
  useSyncExternalStore(subscribe, () => ticks);
}

/** `3 min ago`, exact on hover. */
export function RelativeTime({ time }: { time: string | null }): JSX.Element {
  useTick();
  if (time === null) return <span className="faint">{NOTHING}</span>;
  return (
    <time dateTime={time} title={exactTime(time)} className="relative-time">
      {relativeTime(time, serverNow())}
    </time>
  );
}
