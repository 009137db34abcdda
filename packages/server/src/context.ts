import type { MachineKeyKind, Role } from "@agent-learning/contract";
import type { TenantTransaction } from "./database/index.ts";
import type { Services } from "./services.ts";

/** Who is calling. */
export type Actor =
  | { kind: "user"; userId: string; role: Role; keyId: string }
  | { kind: "machine"; keyKind: Exclude<MachineKeyKind, "feedback_token">; keyId: string }
  | {
      kind: "machine";
      keyKind: "feedback_token";
      keyId: string;
      agentId: string;
      executionId: string;
      raterId: string;
    }
  | { kind: "system"; worker: string };

/** What a verb knows: the organization and the actor. `transact` opens a transaction that sees that organization only. */
export interface Context {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly services: Services;
  transact<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T>;
}

/** A context inside its transaction. A verb never commits: the caller of `transact` does, by returning. */
export interface TenantContext extends Context {
  readonly tx: TenantTransaction;
  /** Runs after the commit, in order; for waking what waits, never for what must not be lost. */
  afterCommit(effect: () => void): void;
}

/** The user behind the call, where there is one. */
export function actorUserId(ctx: Context): string | null {
  return ctx.actor.kind === "user" ? ctx.actor.userId : null;
}
