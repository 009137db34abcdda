import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JudgedQuery } from "@agent-learning/learning";

function readOne(path: string, features: number): JudgedQuery[] {
  const rows = readFileSync(path, "utf8").trim().split("\n");
  const sizes = readFileSync(`${path}.query`, "utf8").trim().split("\n").map(Number);
  let at = 0;
  return sizes.map((size) => {
    const own = rows.slice(at, (at += size)).map((row) => {
      const [grade = "0", ...pairs] = row.split(" ");
      // A feature that a row does not name is 0 in this format.
      const values = Array.from({ length: features }, () => 0);
      for (const pair of pairs) {
        const [feature = "", value = ""] = pair.split(":");
        values[Number(feature)] = Number(value);
      }
      return { grade: Number(grade), values };
    });
    return { features: own.map(({ values }) => values), grades: own.map(({ grade }) => grade) };
  });
}

/** LightGBM's example of learning to rank: `rank.train` and `rank.test` with their `.query` sizes. Undefined where it is not there. */
export function readRankFiles(folder: string): { train: JudgedQuery[]; test: JudgedQuery[] } | undefined {
  if (!existsSync(join(folder, "rank.train"))) return undefined;
  return { train: readOne(join(folder, "rank.train"), 301), test: readOne(join(folder, "rank.test"), 301) };
}
