import type { ClientBase } from "pg";
import { describe, expect, it } from "vitest";
import { CLAIMS, joinBeginAndClaims } from "./tenant-claims.ts";

function sender(client: ClientBase): (...input: unknown[]) => Promise<unknown> {
  return (...input) => (client.query as unknown as (...given: unknown[]) => Promise<unknown>)(...input);
}

function recording(): { send: (...input: unknown[]) => Promise<unknown>; sent: unknown[] } {
  const sent: unknown[] = [];
  const client = {
    query: async (query: string | { text: string; query_timeout: number }) =>
      void sent.push(typeof query === "string" ? query : `${query.text} (${query.query_timeout} ms)`),
    escapeLiteral: (text: string) => `'${text.replaceAll("'", "''")}'`,
  } as unknown as ClientBase;
  joinBeginAndClaims(client);
  return { send: sender(client), sent };
}

describe("joinBeginAndClaims", () => {
  it("sends begin and the claims in one message, as literals", async () => {
    const { send, sent } = recording();
    await send("begin");
    expect(sent).toEqual([]);
    await send(CLAIMS, ["o'$1'", "role$2"]);
    await send("SELECT 1", []);
    expect(sent).toEqual([
      "begin; SELECT set_config('learning.organization_id', 'o''$1''', true), set_config('role', 'role$2', true) (5000 ms)",
      "SELECT 1",
    ]);
  });

  it("does not wait for them before it sends the first statement", async () => {
    const sent: unknown[] = [];
    let answerBegin = (): void => undefined;
    const client = {
      query: (query: string | { text: string }) => {
        sent.push(typeof query === "string" ? query : "begin");
        return typeof query === "string"
          ? Promise.resolve("answer")
          : new Promise<void>((resolve) => void (answerBegin = resolve));
      },
      escapeLiteral: (text: string) => text,
    } as unknown as ClientBase;
    joinBeginAndClaims(client);
    const send = sender(client);
    await send("begin");
    await send(CLAIMS, ["organization", "role"]);
    const answer = send("SELECT 1", []);
    expect(sent).toEqual(["begin", "SELECT 1"]);
    answerBegin();
    expect(await answer).toBe("answer");
  });

  it("fails a first statement whose transaction could not begin, and says why that was", async () => {
    const client = {
      query: async (query: string | { text: string }) => {
        throw new Error(typeof query === "string" ? "current transaction is aborted" : "role does not exist");
      },
      escapeLiteral: (text: string) => text,
    } as unknown as ClientBase;
    joinBeginAndClaims(client);
    const send = sender(client);
    await send("begin");
    await send(CLAIMS, ["organization", "role"]);
    await expect(send("SELECT 1", [])).rejects.toThrow("role does not exist");
  });

  it("begins before anything else that follows", async () => {
    const { send, sent } = recording();
    await send("begin");
    await send("SELECT 1", []);
    await send("commit");
    expect(sent).toEqual(["begin (5000 ms)", "SELECT 1", "commit"]);
  });

  it.each(["commit", "rollback"])(
    "sends nothing for a transaction in which nothing happened: %s",
    async (end) => {
      const { send, sent } = recording();
      await send("begin");
      await send(end);
      await send("begin");
      await send(CLAIMS, ["organization", "role"]);
      await send(end);
      await send("SELECT 1", []);
      expect(sent).toEqual(["SELECT 1"]);
    },
  );
});
