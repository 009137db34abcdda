import { expect, it } from "vitest";
import { isWorthKeeping } from "./keep-look.ts";

it("keeps the first and the last look, and some hundred of the many thousand between", () => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  let keptAt: string | null = null;
  let kept = 0;
  for (let seconds = 0; seconds <= 28 * 86_400; seconds += 30) {
    const now = new Date(start + seconds * 1000);
    if (!isWorthKeeping({ now, keptAt, runningHours: seconds / 3600, final: false })) continue;
    keptAt = now.toISOString();
    kept += 1;
  }
  expect(kept).toBeGreaterThan(300);
  expect(kept).toBeLessThan(700);
  const now = new Date(start);
  expect(isWorthKeeping({ now, keptAt: now.toISOString(), runningHours: 100, final: true })).toBe(true);
});
