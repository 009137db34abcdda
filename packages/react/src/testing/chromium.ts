import { describe } from "vitest";
import { findChromium } from "./launch-chromium.ts";

export { launchChromium } from "./launch-chromium.ts";

/**
 * A suite in a real browser. Without one it is skipped and its name says so; with `REQUIRE_CHROMIUM=1` (CI) that is an error.
 */
export function describeInChromium(name: string, suite: () => void): void {
  const isThere = findChromium() !== undefined;
  if (!isThere && process.env.REQUIRE_CHROMIUM === "1") {
    throw new Error(
      "There is no Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
    );
  }
  const title = isThere ? name : `${name} (skipped: no Chromium; install it or set CHROMIUM_PATH)`;
  const declare = isThere ? describe : describe.skip;
  declare(title, suite);
}
