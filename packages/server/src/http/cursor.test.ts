import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../new-id.ts";
import { decodeCursor, encodeCursor, toPage } from "./cursor.ts";

describe("cursor", () => {
  it("comes back as it was, to the millisecond", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }),
        fc.uuid(),
        (time, id) => {
          const text = encodeCursor({ time, id });
          expect(text).toMatch(/^[\w-]+$/);
          expect(decodeCursor(text)).toEqual({ time, id });
        },
      ),
    );
  });

  const written = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  it.each([
    ["nothing", ""],
    ["a word", "forged"],
    ["no tuple", written({ time: "2026-01-01T00:00:00.000Z", id: newId() })],
    ["too few", written(["2026-01-01T00:00:00.000Z"])],
    ["too many", written(["2026-01-01T00:00:00.000Z", newId(), 1])],
    ["no time", written(["yesterday", newId()])],
    ["no id", written(["2026-01-01T00:00:00.000Z", "' OR 1=1 --"])],
    ["a month that there is not", written(["2026-13-01T00:00:00.000Z", newId()])],
  ])("refuses a forged one: %s", (_name, text) => {
    expect(() => decodeCursor(text)).toThrow(
      expect.objectContaining({
        status: 400,
        errors: [{ path: "query.cursor", message: "is not a cursor of this list" }],
      }),
    );
  });
});

describe("toPage", () => {
  const rows = Array.from({ length: 3 }, (_, index) => ({ id: newId(), time: new Date(index * 1000) }));
  const page = (fetched: typeof rows, limit: number) =>
    toPage(
      fetched,
      limit,
      (row) => row,
      (row) => row.id,
    );

  it("ends where no row is left over", () => {
    expect(page(rows, 3)).toEqual({ data: rows.map(({ id }) => id), next_cursor: null });
    expect(page([], 3)).toEqual({ data: [], next_cursor: null });
  });

  it("goes on after the last row that it shows", () => {
    const { data, next_cursor: next } = page(rows, 2);
    expect(data).toEqual([rows[0]?.id, rows[1]?.id]);
    expect(decodeCursor(next ?? "")).toEqual(rows[1]);
  });
});
