import { timestamp } from "@agent-learning/contract";
import { sql } from "kysely";
import { z } from "zod";
import { asSystem, learningNow } from "../../database/index.ts";
import { defineRoute, ProblemError, type Route } from "../../http/index.ts";
import { writeAudit } from "../audit/write-audit.ts";

const clock = z.object({ now: timestamp, offset_seconds: z.number() });

/** The time that decides. Moving it is for the demo and tests, and off unless LEARNING_ALLOW_CLOCK=1. */
export const clockRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/clock/advance",
    operationId: "advanceClock",
    summary: "Move learning_now() forward (demo and tests only)",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    body: z.object({ seconds: z.number().min(0).max(31_536_000) }),
    responses: { 200: clock },
    handler: async ({ ctx, body }) => {
      if (!ctx.services.config.allowClock) {
        throw new ProblemError(
          "forbidden",
          "This server's clock cannot be moved. Start it with LEARNING_ALLOW_CLOCK=1, never in production.",
        );
      }
      const offset = await asSystem(ctx.tx, async () => {
        const { rows } = await sql<{ seconds: number }>`
          UPDATE learning_clock SET clock_offset = clock_offset + make_interval(secs => ${body.seconds}::float8)
          RETURNING EXTRACT(EPOCH FROM clock_offset)::float8 AS seconds`.execute(ctx.tx);
        return rows[0]?.seconds ?? 0;
      });
      await writeAudit(ctx, {
        action: "clock.advanced",
        entityType: "clock",
        entityId: "clock",
        data: { seconds: body.seconds },
      });
      return {
        status: 200,
        body: { now: (await learningNow(ctx.tx)).toISOString(), offset_seconds: offset },
      };
    },
  }),
];
