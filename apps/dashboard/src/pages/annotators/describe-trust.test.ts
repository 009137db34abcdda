import { expect, it } from "vitest";
import type { AnnotatorTrust } from "../../api/types.ts";
import { describeTrust } from "./describe-trust.ts";

const person = (weight: number, gold: number): AnnotatorTrust =>
  ({ weight, goldAgreed: gold, goldDisagreed: 0 }) as AnnotatorTrust;
const of = (...people: AnnotatorTrust[]): string =>
  describeTrust({ agentId: "a", panelAnnotations: 0, people });

it("says who counts more and who less", () => {
  expect(of()).toBe("Nobody has annotated for this agent yet.");
  expect(of(person(1, 0))).toBe(
    "1 person annotates; nobody has met a known answer yet, so all count the same.",
  );
  expect(of(person(1.4, 9), person(0.3, 8), person(1, 0))).toBe(
    "3 people annotate, 2 measured by known answers: 1 counts more than a newcomer, 1 counts less.",
  );
  expect(of(person(1, 1))).toBe("1 person annotates, 1 measured by known answers.");
});
