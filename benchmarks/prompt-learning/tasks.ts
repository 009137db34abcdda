import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Row, shuffled } from "@agent-learning/learning";
import { CARD_INTENTS, INSTRUCTION as CARD_INSTRUCTION } from "../prompt-learning-smoke/card-intents.ts";
import { readLabelledCsv } from "../../packages/server/src/demo/read-labelled-csv.ts";

/** A classification task: one instruction, rows to learn from, rows that nobody learns from. */
export interface Task {
  name: string;
  /** The seed prompt. */
  instruction: string;
  /** Longest answer, in tokens. */
  maxTokens: number;
  /** What training rows are drawn from. */
  pool: Row[];
  /** The same for all seeds. */
  test: Row[];
}

const labelling = (what: string, labels: readonly string[]): string =>
  `Classify ${what}. Answer with exactly one of these labels and nothing else:\n${labels.join("\n")}`;

/** "LABEL text" on each line. U+0085 stands inside some lines of subj and ends none. */
function readLabelledLines(path: string, labels: readonly string[], part: string): Row[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => ({
      id: `${part}-${index}`,
      input: line.slice(line.indexOf(" ") + 1).trim(),
      expected: labels[Number(line.slice(0, line.indexOf(" ")))] ?? "",
    }));
}

const fixed = (name: string, rows: readonly Row[]): Row[] =>
  shuffled(createRandom(`test rows ${name}`), rows);

const TREC = ["description", "entity", "abbreviation", "human", "location", "number"];
const SUBJ = ["subjective", "objective"];

type Read = (folder: string, testRows: number) => Promise<Task>;

const READERS: Readonly<Record<string, { files: readonly string[]; read: Read }>> = {
  trec: {
    files: ["trec/train.txt", "trec/test.txt"],
    read: async (folder, testRows) => ({
      name: "trec",
      // The file's numbers: 0 description, 1 entity, 2 abbreviation, 3 human, 4 location, 5 number.
      instruction: labelling("the question by what its answer is", TREC),
      maxTokens: 8,
      pool: readLabelledLines(join(folder, "trec/train.txt"), TREC, "train"),
      test: fixed("trec", readLabelledLines(join(folder, "trec/test.txt"), TREC, "test")).slice(0, testRows),
    }),
  },
  subj: {
    files: ["subj/all.txt"],
    read: async (folder, testRows) => {
      const all = fixed("subj", readLabelledLines(join(folder, "subj/all.txt"), SUBJ, "all"));
      const held = Math.min(2_000, Math.floor(all.length / 5));
      return {
        name: "subj",
        instruction: labelling("the sentence from or about a film", SUBJ),
        maxTokens: 8,
        pool: all.slice(0, -held),
        test: all.slice(-held).slice(0, testRows),
      };
    },
  },
  banking: {
    files: ["banking77/train.csv", "banking77/test.csv"],
    read: async (folder, testRows) => {
      const read = async (part: string): Promise<Row[]> => {
        const rows: Row[] = [];
        for await (const { text, category } of readLabelledCsv(join(folder, `banking77/${part}.csv`)))
          if (CARD_INTENTS.includes(category))
            rows.push({ id: `${part}-${rows.length}`, input: text, expected: category });
        return rows;
      };
      return {
        name: "banking",
        instruction: CARD_INSTRUCTION,
        maxTokens: 16,
        pool: await read("train"),
        test: fixed("banking", await read("test")).slice(0, testRows),
      };
    },
  },
  bbh: {
    files: ["bbh/sports_understanding.json"],
    read: async (folder, testRows) => {
      const { examples } = JSON.parse(
        readFileSync(join(folder, "bbh/sports_understanding.json"), "utf8"),
      ) as { examples: { input: string; target: string }[] };
      const rows = examples.map(({ input, target }, index) => ({
        id: `bbh-${index}`,
        input,
        expected: target,
      }));
      // There are 250 rows: 100 are kept to learn from.
      const all = fixed("bbh", rows);
      const held = Math.min(testRows, Math.floor(all.length * 0.6));
      return {
        name: "bbh",
        instruction: "Answer with yes or no and nothing else.",
        maxTokens: 8,
        pool: all.slice(held),
        test: all.slice(0, held),
      };
    },
  },
};

export const TASK_NAMES: readonly string[] = Object.keys(READERS);

/** The task, or undefined where the folder lacks its files. @throws RangeError for a name that is none */
export async function readTask(name: string, folder: string, testRows: number): Promise<Task | undefined> {
  const reader = READERS[name];
  if (reader === undefined) throw new RangeError(`${name} is no task: ${TASK_NAMES.join(", ")}`);
  if (!reader.files.every((file) => existsSync(join(folder, file)))) return undefined;
  return reader.read(folder, testRows);
}

/** Rows to learn from, balanced over the labels, another draw for each seed. */
export function drawTraining({ name, pool }: Task, seed: string, rows: number): Row[] {
  const random = createRandom(`training rows ${name} ${seed}`);
  const groups = [...Map.groupBy(shuffled(random, pool), (row) => row.expected).values()];
  const each = Math.ceil(rows / groups.length);
  return shuffled(
    random.fork("order"),
    groups.flatMap((group) => group.slice(0, each)),
  ).slice(0, rows);
}
