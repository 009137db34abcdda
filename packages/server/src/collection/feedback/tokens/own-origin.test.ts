import { describe, expect, it } from "vitest";
import { isOwnOrigin, recogniseBrowser } from "./own-origin.ts";

describe("isOwnOrigin", () => {
  it.each<[Record<string, string>, boolean]>([
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site", origin: "http://a.example", host: "a.example" }, false],
    [{ "sec-fetch-site": "none" }, false],
    [{ origin: "http://A.example:8000", host: "a.example:8000" }, true],
    [{ origin: "http://a.example", host: "a.example:8000" }, false],
    [{ origin: "null", host: "a.example" }, false],
    [{ origin: "http://", host: "" }, false],
    [{ host: "a.example" }, false],
  ])("%j: %s", (headers, own) => {
    expect(isOwnOrigin(headers)).toBe(own);
  });
});

describe("recogniseBrowser", () => {
  const id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

  it("knows a browser by its cookie among others", () => {
    expect(recogniseBrowser({ cookie: `a=1; als_rater=${id}; b=2` }, "new").id).toBe(id);
  });

  it.each([
    {},
    { cookie: "als_rater=user-1" },
    { cookie: `als_rater=${id}x` },
    { cookie: `xals_rater=${id}` },
  ])("takes %j for a new one", (headers) => {
    expect(recogniseBrowser(headers, "new").id).toBe("new");
  });

  it("hides the cookie from scripts, other sites and, over https, from the wire", () => {
    const { cookie } = recogniseBrowser({ origin: "https://a.example" }, id);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Secure$/);
    expect(recogniseBrowser({ origin: "http://a.example" }, id).cookie).not.toContain("Secure");
  });
});
