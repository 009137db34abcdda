import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { newId } from "../new-id.ts";
import { ProblemError } from "./problem-error.ts";

interface Refusal {
  status: number;
  detail: string;
}

const NO_HTTP: Refusal = { status: 400, detail: "What was sent is not HTTP/1.1 that can be read." };
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The headers are too large. Send fewer, or shorter ones." },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: "The request did not arrive in time. Send it again, whole.",
  },
};

/** Answers what never became a request, as problem details like every refusal, and hangs up. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Reset by the other side, or already answered in part: there is nobody to tell.
  if (error.code === "ECONNRESET" || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy(error);
    return;
  }
  const { status, detail } = REFUSALS[error.code ?? ""] ?? NO_HTTP;
  const problem = new ProblemError("malformed-request", detail).toProblem(
    `urn:agent-learning:request:${newId()}`,
  );
  const body = JSON.stringify({ ...problem, status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
