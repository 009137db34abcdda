import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { Readable } from "node:stream";
import {
  agentPolicy,
  type CreateLearningExample,
  type ImportExamplesQuery,
  type ImportRejection,
  type ImportReport,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { redactorOf } from "../../administration/redaction/index.ts";
import { canonicalJson } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { actorUserId } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { addExamples, exampleOf, redactExample } from "../examples/index.ts";
import { readLines } from "./read-lines.ts";
import { readParquet } from "./read-parquet.ts";
import { readRow } from "./read-row.ts";
import { type Spool, spool } from "./spool.ts";
import { lockImports, readImported } from "./store.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** Rows that are stored in one transaction. */
const BATCH = 500;
/** Rejections in the report itself. */
const LISTED = 1_000;

/** A report, and the file that lists every rejection, one JSON line each, for as long as `release` is not called. */
export interface FinishedImport {
  report: ImportReport;
  rejectionsPath: string;
  release(): Promise<void>;
}

interface Row {
  line: number;
  example: CreateLearningExample;
}

/** What is imported, and what its Content-Type says that its text is written in. */
export interface ImportInput extends ImportExamplesQuery {
  encoding: TextEncoding | undefined;
}

async function* rowsOf(
  { path }: Spool,
  { format, agent_id, encoding }: ImportInput,
): AsyncGenerator<Row | ImportRejection> {
  const lines = format === "parquet" ? readParquet(path) : readLines(path, encoding);
  for await (const line of lines) {
    const row = "reason" in line ? line : readRow(format, agent_id, line.text);
    if ("reason" in row) yield { line: line.line, reason: row.reason };
    else yield { line: line.line, example: row.example };
  }
}

/** What makes two rows the same example: its texts and context, not its labels. */
function hashOf(example: CreateLearningExample): string {
  const { example_type, input_text, original_output, expected_output, output_a, output_b, preferred_output } =
    example;
  const content = {
    example_type,
    input_text,
    input_context: example.input_context ?? {},
    original_output: original_output ?? null,
    expected_output: expected_output ?? null,
    output_a: output_a ?? null,
    output_b: output_b ?? null,
    preferred_output: preferred_output ?? null,
  };
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

/** Reads everything once, so that a file with a bad row can be refused before anything is stored. */
async function check(spooled: Spool, input: ImportInput): Promise<void> {
  const rejections: ImportRejection[] = [];
  let rejected = 0;
  for await (const row of rowsOf(spooled, input)) {
    if (!("reason" in row)) continue;
    rejected += 1;
    if (rejections.length < LISTED) rejections.push(row);
  }
  if (rejected === 0) return;
  throw new ProblemError(
    "unprocessable",
    `${rejected} rows cannot be imported, so none was. Correct them, or send on_error=skip to keep the others.`,
    { errors: rejections.map(({ line, reason }) => ({ path: `body.${line}`, message: reason })) },
  );
}

async function storeBatch(ctx: Context, agentId: string, rows: readonly Row[]): Promise<number> {
  return ctx.transact(async (tenant) => {
    await lockImports(tenant, agentId);
    const agent = await findAgent(tenant, agentId, "query.agent_id");
    const byHash = new Map(rows.map(({ example }) => [hashOf(example), example]));
    const known = await readImported(tenant, agent.id, [...byHash.keys()]);
    const contributor = actorUserId(ctx);
    const fresh = [...byHash].filter(([hash]) => !known.has(hash));
    const policy = agentPolicy.parse(agent.policy);
    const redactor = await redactorOf(tenant, policy);
    await addExamples(
      tenant,
      fresh.map(([import_hash, example]) => ({
        ...exampleOf(redactExample(example, redactor), {
          id: newId(),
          agentId: agent.id,
          execution: null,
          contributor,
          source: "import",
        }),
        import_hash,
      })),
      () => policy,
    );
    return fresh.length;
  });
}

async function storeRows(
  ctx: Context,
  spooled: Spool,
  agentId: string,
  input: ImportInput,
  signal: AbortSignal,
): Promise<ImportReport> {
  const report: ImportReport = { rows: 0, imported: 0, duplicates: 0, rejected: 0, rejections: [] };
  const rejections = createWriteStream(spooled.rejectionsPath, { mode: 0o600 });
  let batch: Row[] = [];
  const store = async (): Promise<void> => {
    const imported = batch.length === 0 ? 0 : await storeBatch(ctx, agentId, batch);
    report.imported += imported;
    report.duplicates += batch.length - imported;
    batch = [];
  };
  for await (const row of rowsOf(spooled, input)) {
    signal.throwIfAborted();
    report.rows += 1;
    if ("reason" in row) {
      report.rejected += 1;
      if (report.rejections.length < LISTED) report.rejections.push(row);
      if (!rejections.write(`${JSON.stringify(row)}\n`)) await once(rejections, "drain");
    } else if (batch.push(row) >= BATCH) await store();
  }
  await store();
  rejections.end();
  await once(rejections, "close");
  return report;
}

/**
 * Imports examples from a file, pending like any other, 500 to a transaction: a connection that breaks off leaves whole batches behind, and the
 * same file sent again adds the rest. With `refuse` every row is read before the first is stored. Memory does not grow with the file.
 * @throws ProblemError not-found for the agent, unprocessable with the lines that are wrong when asked to refuse, payload-too-large
 */
export async function importExamples(
  ctx: Context,
  input: ImportInput,
  body: Readable,
  signal: AbortSignal,
): Promise<FinishedImport> {
  const agent = await ctx.transact((tenant) => findAgent(tenant, input.agent_id, "query.agent_id"));
  const spooled = await spool(body, signal);
  try {
    if (input.on_error === "refuse") await check(spooled, input);
    const report = await storeRows(ctx, spooled, agent.id, input, signal);
    const { rejections: _listed, ...counts } = report;
    await ctx.transact((tenant) =>
      writeAudit(tenant, {
        action: "examples.imported",
        entityType: "agent",
        entityId: agent.id,
        data: { format: input.format, ...counts },
      }),
    );
    return { report, rejectionsPath: spooled.rejectionsPath, release: () => spooled.remove() };
  } catch (error) {
    await spooled.remove();
    throw error;
  }
}
