import { describe, expect, it } from "vitest";
import { createRandom, randomInteger } from "../random.ts";
import { findLabelErrors, type LabelledExample } from "./find-label-errors.ts";

const TOPICS: Readonly<Record<string, string>> = {
  refund: "refund money back return charged twice card payment order cancel",
  delivery: "parcel late courier tracking arrive address shipped box door",
  account: "password login email account locked reset code sign username",
  warranty: "broken repair warranty screen battery defect replace device months",
};

/** Questions of four topics; so many of a hundred carry another topic's label. */
function corpus(
  seed: string,
  size: number,
  wrongShare: number,
): { examples: LabelledExample[]; wrong: Set<string> } {
  const random = createRandom(seed);
  const labels = Object.keys(TOPICS);
  const wrong = new Set<string>();
  const examples = Array.from({ length: size }, (_, index) => {
    const truth = labels[randomInteger(random, labels.length)] as string;
    const words = (TOPICS[truth] as string).split(" ");
    const common = "please help me with my since yesterday what can you do about this".split(" ");
    const input = Array.from({ length: 14 }, () =>
      random.next() < 0.4
        ? words[randomInteger(random, words.length)]
        : common[randomInteger(random, common.length)],
    ).join(" ");
    const id = `${seed} ${index}`;
    if (random.next() >= wrongShare) return { id, input, label: truth };
    wrong.add(id);
    const others = labels.filter((label) => label !== truth);
    return { id, input, label: others[randomInteger(random, others.length)] as string };
  });
  return { examples, wrong };
}

describe("findLabelErrors", () => {
  it("names most of the planted errors, and little else, over 20 seeds", () => {
    let [named, right, planted] = [0, 0, 0];
    for (let seed = 0; seed < 20; seed += 1) {
      const { examples, wrong } = corpus(`seed ${seed}`, 400, 0.05);
      const { errors, compared, labels } = findLabelErrors(examples);
      expect([compared, labels]).toEqual([400, 4]);
      named += errors.length;
      right += errors.filter(({ id }) => wrong.has(id)).length;
      planted += wrong.size;
    }
    expect(right / planted, "recall").toBeGreaterThan(0.75);
    expect(right / named, "precision").toBeGreaterThan(0.9);
  });

  it("puts the most doubtful first and says what it seems to be", () => {
    const { examples } = corpus("order", 200, 0.05);
    const { errors } = findLabelErrors(examples);
    const margins = errors.map(({ ownProbability, otherProbability }) => otherProbability - ownProbability);
    expect(margins).toEqual([...margins].sort((a, b) => b - a));
    expect(margins.every((margin) => margin > 0)).toBe(true);
    expect(Object.keys(TOPICS)).toContain(errors[0]?.otherLabel);
  });

  it("does not let a group speak for itself", () => {
    const { examples } = corpus("groups", 200, 0);
    const wrong = { id: "wrong", input: "parcel courier tracking late", label: "refund", group: "session" };
    const echoes = Array.from({ length: 5 }, (_, index) => ({ ...wrong, id: `echo ${index}` }));
    const named = findLabelErrors([...examples, wrong, ...echoes]).errors.map(({ id }) => id);
    expect(named).toContain("wrong");
  });

  it("has nothing to compare where every output is its own, or there is one", () => {
    const different = [1, 2, 3].map((n) => ({ id: `${n}`, input: "question", label: `answer ${n}` }));
    expect(findLabelErrors(different)).toEqual({ compared: 0, labels: 0, errors: [] });
    const alike = different.map((example) => ({ ...example, label: "answer" }));
    expect(findLabelErrors(alike)).toEqual({ compared: 3, labels: 1, errors: [] });
  });
});
