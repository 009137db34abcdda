import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../examples/", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const NAMES = globSync("*/package.json", { cwd: ROOT }).map(dirname);

interface Manifest {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const read = (name: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, name, "package.json"), "utf8")) as Manifest;

// Their types are looked at by `npm run verify:types`, where their packages are installed.
describe("examples", () => {
  it("are those that their README names", () => {
    const named = [...README.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name ?? "");
    expect(named.toSorted()).toEqual(NAMES.toSorted());
    const entered = [...README.matchAll(/^cd (\S+)$/gm)].map(([, path]) => basename(path ?? ""));
    expect(entered.toSorted()).toEqual(NAMES.toSorted());
  });

  it.each(NAMES)("%s pins every version, and takes ours from here", (name) => {
    const { dependencies, devDependencies } = read(name);
    const all = Object.entries({ ...dependencies, ...devDependencies });
    const isOurs = ([of]: [string, string]): boolean => of.startsWith("@agent-learning/");
    const folders = all.filter(isOurs).map(([of, version]) => {
      const manifest = readFileSync(join(ROOT, name, version.replace("file:", ""), "package.json"), "utf8");
      return [of, (JSON.parse(manifest) as { name: string }).name];
    });
    expect(folders.filter(([of, there]) => of !== there)).toEqual([]);
    const loose = all.filter((one) => !isOurs(one) && !/^\d+\.\d+\.\d+$/.test(one[1]));
    expect(loose).toEqual([]);
  });

  it("have the scripts that the README runs", () => {
    for (const section of README.split(/^## /m).slice(1)) {
      const name = basename(/^cd (\S+)$/m.exec(section)?.[1] ?? "");
      const run = [...section.matchAll(/^npm (?:run )?(dev|build|start)$/gm)].map(
        ([, script]) => script ?? "",
      );
      expect(run.length).toBeGreaterThan(0);
      expect(Object.keys(read(name).scripts)).toEqual(expect.arrayContaining(run));
    }
  });

  it.each(NAMES)("%s reads no variable that the README keeps to itself", (name) => {
    const files = globSync("{app,src}/**/*.{ts,tsx}", { cwd: join(ROOT, name) });
    expect(files.length).toBeGreaterThan(0);
    const text = files.map((file) => readFileSync(join(ROOT, name, file), "utf8")).join("\n");
    const used = new Set([...text.matchAll(/process\.env\.(\w+)/g)].map(([, variable]) => variable ?? ""));
    for (const variable of used) {
      expect([variable, README.includes(variable.replace("NEXT_PUBLIC_", ""))]).toEqual([variable, true]);
    }
    expect(existsSync(join(ROOT, name, "tsconfig.json"))).toBe(true);
  });
});
