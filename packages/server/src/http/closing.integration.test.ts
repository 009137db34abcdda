import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { expect, it } from "vitest";
import { createTestApi } from "../testing/test-api.ts";
import { describeEachEngine } from "../testing/test-database.ts";

describeEachEngine("a server that closes", (suite) => {
  it("waits neither for a connection on which nothing was asked, nor for one that is kept alive", async () => {
    const api = createTestApi(suite.database);
    await api.server.listen({ port: 0, host: "127.0.0.1" });
    const { port } = api.server.server.address() as AddressInfo;
    const [silent, kept] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    await Promise.all([once(silent, "connect"), once(kept, "connect")]);
    kept.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(kept, "data");
    const ends = Promise.all([silent, kept].map((socket) => once(socket.resume(), "close")));
    const started = performance.now();
    await api.close();
    await ends;
    // Their keep-alive time is over a minute.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
