// Makes the Python environment of the trainer, trainers/trl/.venv, and installs into it what its requirements.txt pins.
// PYTHON names another interpreter than python3 (3.11 or newer).
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const trainer = fileURLToPath(new URL("../trainers/trl/", import.meta.url));
const environment = join(trainer, ".venv");
const isWindows = process.platform === "win32";
const python = isWindows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");

function run(command, ...parameters) {
  const { status, error } = spawnSync(command, parameters, { stdio: "inherit" });
  if (status === 0) return;
  console.error(error?.message ?? `${command} ${parameters.join(" ")} ended with ${status}.`);
  console.error("The trainer needs Python 3.11 or newer with venv and pip; PYTHON names the interpreter.");
  process.exit(1);
}

if (!existsSync(python)) run(process.env.PYTHON || "python3", "-m", "venv", environment);
const requirements = join(trainer, "requirements.txt");
const constraints = join(trainer, "constraints.txt");
run(python, "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements, "-c", constraints);
// The package itself: found from everywhere by its place, built by nothing.
const { stdout } = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
  encoding: "utf8",
});
writeFileSync(join(stdout.trim(), "agent_learning_trl.pth"), `${trainer}\n`);
run(python, "-m", "agent_learning_trl", "check");
