import {
  type ChunkMove,
  type QueryMove,
  type ReportedChunk,
  type ReportedCut,
  type ReportedDocument,
  type RetrievalReport,
  retrievalReport,
} from "@agent-learning/contract";
import { z } from "zod";
import { findVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { requireRun } from "../training-runs/require-run.ts";
import { chunkingOf } from "./chunking/chunking-setting.ts";
import { readCuts } from "./chunking/cut-store.ts";
import type { Move } from "./moves.ts";
import { readChunks } from "./spot-checks/chunk-texts.ts";
import { readAskedQueries, readSpotChecks } from "./spot-checks/store.ts";
import { sumUpChecks } from "./spot-checks/sum-up.ts";

type Row = Awaited<ReturnType<typeof requireRun>>;

const range = z.tuple([z.number(), z.number()]);
/** What runs of this server have written; of older ones some is missing. */
const stored = z.object({
  gate: z.unknown().optional(),
  moves: z
    .array(
      z.object({
        retrieval_id: z.string(),
        before: z.array(z.string()),
        after: z.array(z.string()),
        relevant: z.array(z.string()),
        moves: z.array(z.looseObject({ chunk_id: z.string() })).default([]),
      }),
    )
    .default([]),
  chunking: z
    .object({
      choices: z.array(z.unknown()).default([]),
      chunks: z.object({ before: z.number(), after: z.number() }).optional(),
      from: z.string().optional(),
      to: z.string().optional(),
      documents: z.array(z.object({ document_id: z.string(), passages: z.array(range) })).default([]),
    })
    .optional(),
});

async function readMoves(ctx: TenantContext, row: Row, moves: readonly Move[]): Promise<QueryMove[]> {
  const base =
    row.base_version_id === null
      ? undefined
      : await findVersion(ctx, row.agent_id, row.base_version_id, "base_version_id");
  const config = base?.config as Parameters<typeof chunkingOf>[0] | undefined;
  const chunkingId = config === undefined ? undefined : chunkingOf(config)?.chunking_id;
  const keys = moves.flatMap(({ before, after }) => [...before, ...after]);
  const ids = moves.map(({ retrieval_id: id }) => id);
  const texts = await readChunks(ctx, row.agent_id, chunkingId, keys, ids);
  const asked = await readAskedQueries(ctx, ids);
  const readable = (key: string): ReportedChunk =>
    texts.get(key) ?? { chunk_id: key, document_id: null, title: null, text: null };
  return moves.map(({ retrieval_id: id, before, after, relevant, moves: chunks }) => ({
    retrieval_id: id,
    query: asked.get(id)?.query_text ?? null,
    before: before.map(readable),
    after: after.map(readable),
    moves: chunks.map((chunk): ChunkMove => ({ ...chunk, is_relevant: relevant.includes(chunk.chunk_id) })),
  }));
}

async function readDocuments(
  ctx: TenantContext,
  agentId: string,
  {
    from,
    to,
    documents,
  }: {
    from?: string | undefined;
    to?: string | undefined;
    documents: { document_id: string; passages: [number, number][] }[];
  },
): Promise<ReportedDocument[]> {
  if (from === undefined || to === undefined || documents.length === 0) return [];
  const names = documents.map(({ document_id: name }) => name);
  const rows = await readCuts(ctx, agentId, names, [from, to]);
  const byName = new Map(rows.map((row) => [row.external_id, row]));
  return documents.flatMap(({ document_id: name, passages }) => {
    const row = byName.get(name);
    if (row === undefined) return [];
    const of = (chunking: string): [number, number][] =>
      row.cuts.filter(({ chunking_id: id }) => id === chunking).map(({ start, end }) => [start, end]);
    return {
      document_id: name,
      title: row.title === "" ? null : row.title,
      length: row.length,
      passages,
      before: of(from),
      after: of(to),
    };
  });
}

/**
 * What a run of retrieval learning would change, for whoever looks: what moved and why, slices, what people say of it, how documents are cut.
 * @throws ProblemError not-found for another kind of run
 */
export async function readRetrievalReport({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string };
}): Promise<RetrievalReport> {
  const row = await requireRun(ctx, input.runId);
  if (row.training_type !== "rag_training")
    throw notFound("run of retrieval learning", input.runId, "path.runId");
  const metrics = stored.safeParse(row.metrics ?? {}).data ?? { moves: [] };
  const checks = await readSpotChecks(ctx, row.id);
  const { chunking } = metrics;
  const method: unknown = (row.config as Record<string, unknown>)["method"];
  return retrievalReport.parse({
    run_id: row.id,
    agent_id: row.agent_id,
    method: typeof method === "string" ? method : "ranking",
    gate: metrics.gate ?? null,
    moves: await readMoves(ctx, row, metrics.moves as unknown as Move[]),
    spot_checks:
      checks.length === 0
        ? null
        : {
            queue_id: checks.find(({ queue_id: id }) => id !== null)?.queue_id ?? null,
            rates: sumUpChecks(checks),
          },
    chunking:
      chunking === undefined
        ? null
        : {
            cuts: chunking.choices as ReportedCut[],
            chunks: chunking.chunks ?? null,
            documents: await readDocuments(ctx, row.agent_id, chunking),
          },
  });
}
