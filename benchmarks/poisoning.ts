// What gets through when somebody tries to teach an agent something wrong.
//
//   node --conditions=agent-learning-source benchmarks/poisoning.ts [--seeds 20] [--json]
//
// Generated contributions of 150 honest people over two weeks (8 of 100 mistaken) with one attack among them: a burst (60 lies in half an
// hour), a drip (two a day), thirty Sybil identities, six who collude, one who lies half of the time towards one target. Printed for each, over all
// seeds: what the detectors held back (recall), how much of what they held was a lie (precision), and how many lies one dataset
// would still admit after detectors and the cap for each person, beside how many without either.
import { parseArgs } from "node:util";
import { contributorCap, createRandom, reviewContributions } from "../packages/learning/src/index.ts";
import { ATTACKS, poisonedStream } from "../packages/learning/src/testing/contributors.ts";

const { values: options } = parseArgs({
  options: { seeds: { type: "string", default: "20" }, json: { type: "boolean", default: false } },
});
const seeds = Number(options.seeds);

/** Lies that a dataset admits when each person may have so many items. */
function admitted(
  rows: readonly { id: string; contributorId: string }[],
  planted: ReadonlySet<string>,
  cap: number,
): number {
  const counts = new Map<string, number>();
  let lies = 0;
  for (const { id, contributorId } of rows) {
    const count = (counts.get(contributorId) ?? 0) + 1;
    counts.set(contributorId, count);
    if (count <= cap && planted.has(id)) lies += 1;
  }
  return lies;
}

const table = [...ATTACKS, "none" as const].map((attack) => {
  let [lies, held, heldLies, byCap, through, worst] = [0, 0, 0, 0, 0, 0];
  for (let seed = 0; seed < seeds; seed += 1) {
    const { contributions, planted, trusted } = poisonedStream(attack, createRandom(`${attack}:${seed}`));
    const { quarantined } = reviewContributions({ contributions, trusted });
    const cap = contributorCap(contributions.length);
    const rest = contributions.filter(({ id }) => !quarantined.has(id));
    const left = admitted(rest, planted, cap);
    lies += planted.size;
    held += quarantined.size;
    heldLies += [...quarantined].filter((id) => planted.has(id)).length;
    byCap += admitted(contributions, planted, cap);
    through += left;
    worst = Math.max(worst, left);
  }
  return {
    attack,
    lies,
    recall: lies === 0 ? null : Number((heldLies / lies).toFixed(3)),
    precision: held === 0 ? null : Number((heldLies / held).toFixed(3)),
    "held back": held,
    "admitted by the cap alone": byCap,
    "admitted by both": through,
    "most in one run": worst,
  };
});
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
