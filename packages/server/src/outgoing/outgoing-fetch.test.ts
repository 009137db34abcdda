import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPublicAddress } from "./is-public-address.ts";
import { assertOutgoingUrl, createOutgoingFetch } from "./outgoing-fetch.ts";

describe("isPublicAddress", () => {
  it.each(["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])("takes %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "localhost",
    "",
  ])("refuses %s", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("assertOutgoingUrl", () => {
  const strict = { allowPrivate: false };
  it.each([
    "http://example.org/",
    "file:///etc/passwd",
    "ftp://example.org/",
    "https://user:secret@example.org/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
  ])("refuses %s", (url) => {
    expect(() => assertOutgoingUrl(new URL(url), strict)).toThrow(
      expect.objectContaining({ name: "OutgoingUrlError" }),
    );
  });
  it("takes a public https URL", () => {
    expect(() => assertOutgoingUrl(new URL("https://example.org/v1"), strict)).not.toThrow();
  });
});

describe("createOutgoingFetch", () => {
  let server: Server;
  let port: number;
  let hits = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      hits += 1;
      if (request.url === "/headers") response.end(JSON.stringify(request.headers));
      else if (request.url === "/redirect") response.writeHead(302, { location: "/" }).end();
      else response.end("answer");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  // Stands for a name server that answers with a private address: the rebinding attack.
  const rebinding = ((_name: string, _options: object, callback: (error: null, list: object[]) => void) =>
    callback(null, [{ address: "127.0.0.1", family: 4 }])) as unknown as NonNullable<
    Parameters<typeof createOutgoingFetch>[0]["resolve"]
  >;

  it("calls the operator's own endpoint", async () => {
    const response = await createOutgoingFetch({ allowPrivate: true })(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe("answer");
  });

  it("says what it was told, and nothing that browsers say of themselves", async () => {
    const response = await createOutgoingFetch({ allowPrivate: true })(`http://127.0.0.1:${port}/headers`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer token" },
      body: "{}",
    });
    const headers = (await response.json()) as Record<string, string>;
    expect(headers).toMatchObject({ "content-type": "application/json", authorization: "Bearer token" });
    expect(Object.keys(headers).filter((name) => /^(sec-|origin|referer)/.test(name))).toEqual([]);
  });

  it("never connects where a public name resolves to a private address", async () => {
    const before = hits;
    const call = createOutgoingFetch({ allowPrivate: false, resolve: rebinding })(
      `https://public.example:${port}/`,
    );
    await expect(call).rejects.toMatchObject({ cause: { name: "OutgoingUrlError" } });
    expect(hits).toBe(before);
  });

  it("follows no redirect", async () => {
    await expect(
      createOutgoingFetch({ allowPrivate: true })(`http://127.0.0.1:${port}/redirect`),
    ).rejects.toThrow(/fetch failed/);
  });
});
