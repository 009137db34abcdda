import type { ClientBase } from "pg";

/** Sets what row-level security looks at, for the rest of the transaction: the organization and the role. */
export const CLAIMS = "SELECT set_config('learning.organization_id', $1, true), set_config('role', $2, true)";

// Nothing is quicker than beginning a transaction: a database that takes longer hangs.
const BEGIN_MILLISECONDS = 5_000;

type Query = (...input: unknown[]) => Promise<unknown>;

const NOTHING = Promise.resolve({ command: "BEGIN", rowCount: null, rows: [] });

/**
 * Saves each transaction a round trip: `begin` waits for the claims that follow it, and goes out with them in one message.
 * Anything else that follows it is sent after a `begin` of its own. Either has five seconds, so that a database that hangs
 * does not keep a request for as long as a slow statement may take.
 */
export function joinBeginAndClaims(client: ClientBase): void {
  const query = client.query.bind(client) as unknown as Query;
  let begun = false;
  const joining: Query = async (...input) => {
    const [text, values] = input;
    if (text === "begin") {
      begun = true;
      return NOTHING;
    }
    if (!begun) return query(...input);
    begun = false;
    if (text === "commit" || text === "rollback") return NOTHING;
    if (text === CLAIMS && Array.isArray(values)) {
      const [organizationId, role] = values.map((value) => client.escapeLiteral(String(value)));
      const claims = CLAIMS.replace("$1", () => organizationId ?? "").replace("$2", () => role ?? "");
      return query({ text: `begin; ${claims}`, query_timeout: BEGIN_MILLISECONDS });
    }
    await query({ text: "begin", query_timeout: BEGIN_MILLISECONDS });
    return query(...input);
  };
  client.query = joining as unknown as typeof client.query;
}
