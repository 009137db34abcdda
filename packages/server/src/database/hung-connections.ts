import type { Client, ClientBase } from "pg";

const TIMED_OUT = "Query read timeout";

/**
 * Ends a connection whose answer did not come in time. The driver would keep it, with the old answer still on its way: the
 * rollback would wait behind it for as long again, and the pool would hand it to the next caller.
 */
export function endHungConnections(client: ClientBase): void {
  const query = client.query.bind(client) as unknown as (...input: unknown[]) => unknown;
  const watching = (...input: unknown[]): unknown => {
    const result = query(...input);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      // Every client of a pool is a Client; only the type of what the pool hands out hides it.
      if (error instanceof Error && error.message === TIMED_OUT) {
        void (client as Client).end().catch(() => undefined);
      }
      throw error;
    });
  };
  client.query = watching as typeof client.query;
}
