import { describe, expect, it } from "vitest";
import { newId } from "../new-id.ts";
import { InvalidJobDataError, parseJobData } from "./job-data.ts";

describe("parseJobData", () => {
  it("takes an organization, ids and numbers", () => {
    const data = { organizationId: newId(), runId: newId(), step: 3, force: false, parent: null };
    expect(parseJobData(data)).toEqual(data);
  });

  it.each([
    [undefined, "must be an object"],
    [null, "must be an object"],
    ["text", "must be an object"],
    [[newId()], "must be an object"],
    [{}, "organizationId"],
    [{ organizationId: 7 }, "organizationId"],
    [{ organizationId: "someone" }, "organizationId"],
    [{ organizationId: newId(), example: { input: "content" } }, "example is neither"],
    [{ organizationId: newId(), ids: [newId()] }, "ids is neither"],
    [{ organizationId: newId(), n: Number.NaN }, "n is neither"],
  ])("refuses %j", (payload, message) => {
    expect(() => parseJobData(payload)).toThrow(InvalidJobDataError);
    expect(() => parseJobData(payload)).toThrow(message);
  });
});
