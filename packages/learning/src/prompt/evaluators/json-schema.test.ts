import { expect, test } from "vitest";
import { jsonSchema } from "./json-schema.ts";

const schema = {
  type: "object",
  required: ["intent"],
  properties: { intent: { type: "string" }, amount: { type: "number", minimum: 0 } },
};
const score = (output: string, expected: string) =>
  jsonSchema({ schema, weights: { amount: 3 } })({ input: "", output, expected });

test("a valid output scores by its fields, an invalid one nothing", async () => {
  const expected = '{"intent": "refund", "amount": 5}';
  expect(await score('{"intent": "Refund", "amount": 5}', expected)).toMatchObject({
    score: 1,
    objectives: { schema: 1, accuracy: 1 },
  });
  expect(await score('{"intent": "refund", "amount": 6}', expected)).toMatchObject({
    score: 0.25,
    objectives: { schema: 1, accuracy: 0, "field:amount": 0 },
  });
  expect(await score('{"intent": "refund", "amount": -5}', expected)).toMatchObject({
    score: 0,
    feedback: "The output breaks its schema: amount is below 0.",
    objectives: { schema: 0, format: 1 },
  });
  expect(await score("refund", expected)).toMatchObject({ score: 0, objectives: { format: 0 } });
});

test("without an expected JSON the schema is all that is asked", async () => {
  expect((await score('{"intent": "anything"}', "a sentence")).score).toBe(1);
  expect((await score("{}", "a sentence")).score).toBe(0);
});
