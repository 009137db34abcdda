import { CompiledQuery, type Kysely, sql, type Transaction } from "kysely";
import type { Schema } from "./schema.ts";
import { CLAIMS } from "./tenant-claims.ts";

/** A transaction that sees one organization. */
export type TenantTransaction = Transaction<Schema>;

async function assume(tx: Transaction<Schema>, role: string, organizationId: string): Promise<void> {
  // Transaction-local, so that a pooled connection never carries a claim over to the next request.
  await tx.executeQuery(CompiledQuery.raw(CLAIMS, [organizationId, role]));
}

/**
 * Runs `work` in one transaction that sees the rows of one organization only: the role is not the tables' owner and
 * row-level security compares each row with the transaction's claim. Commits when `work` resolves, rolls back otherwise.
 */
export function withTenant<T>(
  kysely: Kysely<Schema>,
  organizationId: string,
  work: (tx: TenantTransaction) => Promise<T>,
): Promise<T> {
  return kysely.transaction().execute(async (tx) => {
    await assume(tx, "agent_learning_app", organizationId);
    return work(tx);
  });
}

/**
 * Runs `work` as the system role, which sees every organization. For authenticating a key, for creating an organization,
 * for finding where work is due; never for answering a request's question.
 */
export function withSystem<T>(
  kysely: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return kysely.transaction().execute(async (tx) => {
    await assume(tx, "agent_learning_system", "");
    return work(tx);
  });
}

/** Runs `work` as the system role inside a tenant's transaction, then gives the tenant's role back: for enqueueing jobs. */
export async function asSystem<T>(tx: TenantTransaction, work: () => Promise<T>): Promise<T> {
  const setRole = (role: string) => sql`SELECT set_config('role', ${role}, true)`.execute(tx);
  await setRole("agent_learning_system");
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // The caller may catch this and go on. After an error of the database nothing can: the transaction is aborted.
    await setRole("agent_learning_app").catch(() => undefined);
    throw error;
  }
  await setRole("agent_learning_app");
  return result;
}
