// How well the recognisers of personal data and secrets do on generated texts.
//
//   node --conditions=agent-learning-source benchmarks/recognisers.ts [--seeds 20] [--texts 500] [--json]
//
// For each kind, over all seeds: values planted in prose, tables, JSON and code that were found exactly (recall), how many of the findings
// of that kind in all texts were planted values (precision), findings in texts whose value has the form but fails its checksum or was never
// issued, and findings in texts that hold nothing but what looks like it: dates, versions, hashes, order numbers, code.
import { parseArgs } from "node:util";
import { findSensitive, SENSITIVE_KINDS, type SensitiveKind } from "../packages/learning/src/index.ts";
import {
  FAILING_KINDS,
  failingTexts,
  harmlessTexts,
  plantedTexts,
} from "../packages/learning/src/privacy/sensitive-corpus.testing.ts";

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    texts: { type: "string", default: "500" },
    json: { type: "boolean", default: false },
  },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => `seed ${seed}`);
const texts = Number(options.texts);

interface Tally {
  planted: number;
  exact: number;
  /** Findings of the kind that are no planted value. */
  wrong: number;
  failing: number | null;
  falsely: number | null;
  lowest: number;
}

const tallies = new Map<SensitiveKind, Tally>(
  SENSITIVE_KINDS.map((kind) => {
    const checked = FAILING_KINDS.includes(kind);
    const zero = checked ? 0 : null;
    return [kind, { planted: 0, exact: 0, wrong: 0, failing: zero, falsely: zero, lowest: 1 }];
  }),
);

function add(kind: SensitiveKind, change: (tally: Tally) => void): void {
  const tally = tallies.get(kind);
  if (tally !== undefined) change(tally);
}

let harmless = 0;
let harmlessFindings = 0;
for (const seed of seeds) {
  for (const kind of SENSITIVE_KINDS) {
    let exact = 0;
    for (const { text, value } of plantedTexts(kind, texts, seed)) {
      for (const found of findSensitive(text)) {
        if (found.kind === kind && text.slice(found.start, found.end) === value) exact += 1;
        else add(found.kind, (tally) => (tally.wrong += 1));
      }
    }
    add(kind, (tally) => {
      tally.planted += texts;
      tally.exact += exact;
      tally.lowest = Math.min(tally.lowest, exact / texts);
    });
  }
  for (const kind of FAILING_KINDS) {
    for (const { text } of failingTexts(kind, texts, seed)) {
      add(kind, (tally) => (tally.failing = (tally.failing ?? 0) + 1));
      for (const found of findSensitive(text)) {
        add(found.kind, (tally) => (tally.wrong += 1));
        add(kind, (tally) => (tally.falsely = (tally.falsely ?? 0) + 1));
      }
    }
  }
  for (const text of harmlessTexts(texts, seed)) {
    harmless += 1;
    for (const found of findSensitive(text)) {
      harmlessFindings += 1;
      add(found.kind, (tally) => (tally.wrong += 1));
    }
  }
}

const table = [...tallies].map(([kind, tally]) => ({
  kind,
  planted: tally.planted,
  recall: Number((tally.exact / tally.planted).toFixed(4)),
  "lowest of a seed": Number(tally.lowest.toFixed(4)),
  precision: Number((tally.exact / (tally.exact + tally.wrong)).toFixed(4)),
  "fail their check": tally.failing,
  "found among them": tally.falsely,
}));
if (options.json) console.log(JSON.stringify({ table, harmless, harmlessFindings }));
else {
  console.table(table);
  console.log(`${harmlessFindings} findings in ${harmless} texts without any.`);
}
