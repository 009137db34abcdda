import type { ClientBase } from "pg";

/** Sets what row-level security looks at, for the rest of the transaction: the organization and the role. */
export const CLAIMS = "SELECT set_config('learning.organization_id', $1, true), set_config('role', $2, true)";

// Nothing is quicker than beginning a transaction: a database that takes longer hangs.
const BEGIN_MILLISECONDS = 5_000;

type Query = (...input: unknown[]) => Promise<unknown>;

/** What pg's client writes to, which its types leave out. */
interface Connection {
  readonly stream?: { cork?(): void; uncork?(): void };
}

const NOTHING = Promise.resolve({ command: "BEGIN", rowCount: null, rows: [] });

/**
 * Saves each transaction two round trips: `begin` waits for the claims that follow it, and both wait for the first statement, which
 * is sent right behind them. Should they fail, the statement fails with them: the transaction that `begin` opened is aborted by then,
 * so nothing ever runs without its claims. Anything else that follows a `begin` is sent behind it likewise. Beginning has five seconds,
 * so that a database that hangs does not keep a request for as long as a slow statement may take.
 *
 * The client has to be one that sends a query while another is under way (`pipeline` of pg).
 */
export function joinBeginAndClaims(client: ClientBase): void {
  const query = client.query.bind(client) as unknown as Query;
  const stream = (client as ClientBase & { readonly connection?: Connection }).connection?.stream;
  let opening: string | undefined;
  const joining: Query = async (...input) => {
    const [text, values] = input;
    if (text === "begin") {
      opening = text;
      return NOTHING;
    }
    if (opening === undefined) return query(...input);
    if (opening === "begin" && text === CLAIMS && Array.isArray(values)) {
      const [organizationId, role] = values.map((value) => client.escapeLiteral(String(value)));
      opening = `begin; ${CLAIMS.replace("$1", () => organizationId ?? "").replace("$2", () => role ?? "")}`;
      return NOTHING;
    }
    const first = opening;
    opening = undefined;
    if (text === "commit" || text === "rollback") return NOTHING;
    // In one packet: a write costs the server, and a read the database, as much as the rest of a small statement.
    stream?.cork?.();
    const sent = [query({ text: first, query_timeout: BEGIN_MILLISECONDS }), query(...input)] as const;
    stream?.uncork?.();
    const [opened, answered] = await Promise.allSettled(sent);
    // Why it could not begin says more than that the statement came to an aborted transaction.
    if (opened.status === "rejected") throw opened.reason;
    if (answered.status === "rejected") throw answered.reason;
    return answered.value;
  };
  client.query = joining as unknown as typeof client.query;
}
