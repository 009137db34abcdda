import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { importExamplesQuery, importReport } from "@agent-learning/contract";
import { defineFreeRoute, type Route } from "../../http/index.ts";
import { type FinishedImport, importExamples } from "./import-examples.ts";
import { declaredEncoding } from "./text-encoding.ts";

const LINES = "application/x-ndjson";

async function* allLines({ report, rejectionsPath }: FinishedImport): AsyncGenerator<Buffer | string> {
  yield* createReadStream(rejectionsPath) as AsyncIterable<Buffer>;
  const { rejections: _listed, ...counts } = report;
  yield `${JSON.stringify({ report: counts })}\n`;
}

/** Examples from files. */
export const importRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/examples/import",
    operationId: "importExamples",
    summary: "Import examples from a file in one of the export formats",
    description:
      "The body is the file: JSON lines or Parquet. Lines are UTF-8, or what a byte order mark or the charset of the Content-Type " +
      "says: UTF-16, Windows-1252, ISO-8859-1. Bad rows are reported with line and reason; " +
      "`on_error` says whether the others are kept. Rows that were imported before are counted, not stored again. " +
      "With `Accept: application/x-ndjson` the answer lists every rejection, one line each, and ends with the counts.",
    tag: "Examples",
    access: { user: "annotator", machine: ["secret"] },
    query: importExamplesQuery,
    bodyStream: [LINES, "application/vnd.apache.parquet", "application/octet-stream"],
    responses: { 200: [importReport, LINES] },
    handler: async ({ ctx, query, body, headers, reply, signal }) => {
      const encoding = declaredEncoding(String(headers["content-type"] ?? ""));
      const finished = await importExamples(ctx, { ...query, encoding }, body as Readable, signal);
      if (!String(headers["accept"] ?? "").includes(LINES)) {
        await finished.release();
        return { status: 200, body: finished.report };
      }
      reply.raw.once("close", () => void finished.release());
      await reply
        .type(`${LINES}; charset=utf-8`)
        .send(Readable.from(allLines(finished), { objectMode: false }));
      return "sent";
    },
  }),
];
