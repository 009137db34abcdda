import type { ClientBase } from "pg";
import { describe, expect, it, vi } from "vitest";
import { endHungConnections } from "./hung-connections.ts";

function clientThat(query: () => unknown): { client: ClientBase; end: ReturnType<typeof vi.fn> } {
  const end = vi.fn(async () => undefined);
  const client = { query, end } as unknown as ClientBase;
  endHungConnections(client);
  return { client, end };
}

describe("endHungConnections", () => {
  it("leaves a connection that answers alone, whatever the answer", async () => {
    const fine = clientThat(async () => ({ rows: [1] }));
    expect(await fine.client.query("SELECT 1")).toEqual({ rows: [1] });
    const refused = clientThat(async () => {
      throw new Error("syntax error");
    });
    await expect(refused.client.query("SELEKT")).rejects.toThrow("syntax error");
    expect(fine.end).not.toHaveBeenCalled();
    expect(refused.end).not.toHaveBeenCalled();
  });

  it("ends one that did not answer in time, and passes the error on", async () => {
    const { client, end } = clientThat(async () => {
      throw new Error("Query read timeout");
    });
    await expect(client.query("SELECT 1")).rejects.toThrow("Query read timeout");
    expect(end).toHaveBeenCalledOnce();
  });

  it("passes on what is no promise: cursors and callbacks", () => {
    const cursor = { submit: () => undefined };
    expect(clientThat(() => cursor).client.query("SELECT 1")).toBe(cursor);
  });
});
