import { z } from "zod";
import { isUuid } from "@agent-learning/contract";
import { ProblemError } from "./problem-error.ts";

/** Where a page ended: the sort time and the id of its last row. */
export interface TimeCursor {
  time: Date;
  id: string;
}

const schema = z.tuple([z.iso.datetime({ precision: 3 }), z.string().refine(isUuid)]);

/** Writes a cursor. Milliseconds are enough: ids break ties, and rows are compared by (date_trunc, id). */
export function encodeCursor(cursor: TimeCursor): string {
  return Buffer.from(JSON.stringify([cursor.time.toISOString(), cursor.id])).toString("base64url");
}

/** @throws ProblemError malformed-request for anything that encodeCursor did not write */
export function decodeCursor(text: string): TimeCursor {
  try {
    const [time, id] = schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { time: new Date(time), id };
  } catch {
    throw new ProblemError(
      "malformed-request",
      "The cursor is not one that this API gave out. Start again without it.",
      {
        errors: [{ path: "query.cursor", message: "is not a cursor of this list" }],
      },
    );
  }
}

/** Splits `limit + 1` fetched rows into the page and the cursor of the next one. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => TimeCursor,
  present: (row: Row) => Item,
): { data: Item[]; next_cursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    data: kept.map(present),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  };
}
