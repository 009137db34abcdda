import { expect, it } from "vitest";
import { toEndpointRow } from "./endpoint-rows.ts";

it("gives a conversation as it is", () => {
  const messages = [
    { role: "user", content: "card lost" },
    { role: "assistant", content: "lost_card" },
  ];
  expect(toEndpointRow({ messages, weight: 1 }, "sft")).toEqual({ messages });
});

it("gives a preference as two answers to one input, whether the input is a text or messages", () => {
  const given = { chosen: "lost_card", rejected: "card_linking" };
  const answers = {
    preferred_output: [{ role: "assistant", content: "lost_card" }],
    non_preferred_output: [{ role: "assistant", content: "card_linking" }],
  };
  expect(toEndpointRow({ prompt: "card lost", ...given }, "dpo")).toEqual({
    input: { messages: [{ role: "user", content: "card lost" }] },
    ...answers,
  });
  const prompt = [
    { role: "system", content: "Name the intent." },
    { role: "user", content: "card lost" },
  ];
  expect(toEndpointRow({ prompt, ...given }, "dpo")).toEqual({ input: { messages: prompt }, ...answers });
});
