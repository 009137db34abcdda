import type { FastifyReply } from "fastify";

export interface ServerEvent {
  id: string;
  event: string;
  data: unknown;
}

const KEEP_ALIVE_MILLISECONDS = 15_000;

/**
 * Sends Server-Sent Events until `events` ends or the client goes away; comments keep the connection alive in between.
 */
export async function streamEvents(reply: FastifyReply, events: AsyncIterable<ServerEvent>): Promise<"sent"> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  const keepAlive = setInterval(() => raw.write(": keep-alive\n\n"), KEEP_ALIVE_MILLISECONDS);
  try {
    for await (const event of events) {
      if (raw.destroyed) break;
      const fits = raw.write(
        `id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`,
      );
      if (!fits) await new Promise<void>((resolve) => raw.once("drain", resolve).once("close", resolve));
    }
  } finally {
    clearInterval(keepAlive);
    raw.end();
  }
  return "sent";
}
