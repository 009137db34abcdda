import { expect, it } from "vitest";
import type { AnnotationAgreement } from "../../api/types.ts";
import { describeAgreement } from "./describe-agreement.ts";

const of = (percent: number | null, percentInterval: [number, number] | null, examples = 40): string =>
  describeAgreement(
    { examples, decision: { percent, percentInterval } } as unknown as AnnotationAgreement,
    0.8,
  );

it("says whether people agree as far as a dataset asks", () => {
  expect(of(null, null, 0)).toMatch(/^No example has been judged by two people/);
  expect(of(0.95, [0.85, 0.99])).toBe(
    "Two people who judge the same example decide alike 95\u00a0% of the time (95 %: 85\u00a0% to 99\u00a0%): enough for a dataset, which asks for 80\u00a0%. From 40 examples.",
  );
  expect(of(0.5, [0.4, 0.6])).toMatch(/: too little for a dataset/);
  expect(of(0.8, [0.6, 0.9], 1)).toMatch(/too few examples to say .* From 1 example\.$/);
});
