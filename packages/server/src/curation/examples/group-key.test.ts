import { describe, expect, it } from "vitest";
import { groupKeyOf } from "./group-key.ts";

describe("groupKeyOf", () => {
  it("is the session's where there is one", () => {
    const key = (id: string): string => groupKeyOf({ exampleId: id, execution: { id, session_id: "s" } });
    expect(key("1")).toBe("session:s");
    expect(key("1")).toBe(key("2"));
  });

  it("is the execution's without a session, shared by all that was said of it", () => {
    const execution = { id: "e", session_id: null };
    expect(groupKeyOf({ exampleId: "1", execution })).toBe("execution:e");
    expect(groupKeyOf({ exampleId: "2", execution })).toBe("execution:e");
  });

  it("is the example's own without a source, and kinds never collide", () => {
    expect(groupKeyOf({ exampleId: "x", execution: null })).toBe("example:x");
    const keys = [
      groupKeyOf({ exampleId: "x", execution: null }),
      groupKeyOf({ exampleId: "y", execution: { id: "x", session_id: null } }),
      groupKeyOf({ exampleId: "y", execution: { id: "y", session_id: "x" } }),
    ];
    expect(new Set(keys).size).toBe(3);
  });
});
