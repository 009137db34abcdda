import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = ["lightgbm==4.6.0", "numpy==2.3.5", "scipy==1.16.3", "scikit-learn==1.7.2"];
const SCRIPT = fileURLToPath(new URL("fit_lightgbm.py", import.meta.url));

/**
 * What LightGBM predicts for the rows of `rank.test`, a list for each seed. Its virtual environment is made in `environment` where there is
 * none. Undefined, with the reason said, where Python or the packages cannot be had.
 */
export function runLightGbm(
  environment: string,
  data: string,
  seeds: readonly number[],
  say: (line: string) => void,
): number[][] | undefined {
  const python = join(resolve(environment), "bin", "python");
  try {
    if (!existsSync(python)) execFileSync("python3", ["-m", "venv", resolve(environment)], { stdio: "pipe" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES], {
      stdio: "pipe",
    });
  } catch (error) {
    const lines = error instanceof Error ? error.message.trim().split("\n") : [];
    say(`LightGBM skipped: it cannot be installed (${lines.at(-1) ?? "no reason given"}).`);
    return undefined;
  }
  const output = execFileSync(python, [SCRIPT, resolve(data), ...seeds.map(String)], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as number[]);
}
