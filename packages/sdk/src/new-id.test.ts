import { expect, it } from "vitest";
import { newId } from "./new-id.ts";

it("makes UUIDs of version 7 that carry the time", () => {
  const id = newId(0x0123_4567_89ab);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("makes no id twice and keeps the order of time", () => {
  const ids = Array.from({ length: 10_000 }, () => newId(1_700_000_000_000));
  expect(new Set(ids).size).toBe(10_000);
  expect(newId(1_700_000_000_000) < newId(1_700_000_000_001)).toBe(true);
});
