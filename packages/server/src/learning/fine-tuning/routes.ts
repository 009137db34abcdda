import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { fineTuningEstimate, trainingArtifacts, trainingRun, uuid } from "@agent-learning/contract";
import { z } from "zod";
import { conflict, defineFreeRoute, defineRoute, notFound, type Route } from "../../http/index.ts";
import { ArtifactMismatch, verifyFile } from "./artifacts/artifact-files.ts";
import { pauseOrResume, requireFineTuning, startFineTuning } from "./control.ts";
import { estimateRun } from "./estimate.ts";
import { readArtifacts } from "./store.ts";

const params = z.object({ runId: uuid });
const path = "/api/learning/training-runs/by-id/:runId";
const tag = "Training";
const read = { user: "viewer", machine: ["secret"] } as const;
const control = { user: "reviewer", machine: ["secret"] } as const;

/** Fine-tuning runs, which begin as drafts; what they share with the other ways of learning is in `training-runs/`. */
export const fineTuningRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "GET",
    path: `${path}/estimate`,
    operationId: "estimateTrainingRun",
    summary: "What a fine-tuning run would take, and what is in its way",
    description:
      "Reads the dataset through and shows the first rows as the trainer gets them. Changes nothing. Only of a fine-tuning run.",
    tag,
    access: read,
    params,
    responses: { 200: fineTuningEstimate },
    handler: async ({ ctx, params: { runId } }) => {
      const row = await ctx.transact((tenant) => requireFineTuning(tenant, runId));
      return { status: 200, body: await estimateRun(ctx, row) };
    },
  }),
  defineRoute({
    method: "POST",
    path: `${path}/start`,
    operationId: "startTrainingRun",
    summary: "Start a drafted fine-tuning run",
    description:
      "A person starts it. 409 with what to do where this server lacks something, 422 where its dataset cannot be trained on.",
    tag,
    access: { user: "reviewer", machine: [] },
    params,
    responses: { 202: trainingRun },
    handler: async ({ ctx, params: { runId } }) => ({
      status: 202,
      body: await startFineTuning(ctx, runId),
    }),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/pause`,
    operationId: "pauseTrainingRun",
    summary: "Pause a running fine-tuning run",
    description: "The trainer writes a checkpoint and waits; the run is paused when it says so.",
    tag,
    access: control,
    params,
    responses: { 202: trainingRun },
    handler: async ({ ctx, params: { runId } }) => ({
      status: 202,
      body: await pauseOrResume(ctx, { runId, command: "pause" }),
    }),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/resume`,
    operationId: "resumeTrainingRun",
    summary: "Resume a paused fine-tuning run",
    tag,
    access: control,
    params,
    responses: { 202: trainingRun },
    handler: async ({ ctx, params: { runId } }) => ({
      status: 202,
      body: await pauseOrResume(ctx, { runId, command: "resume" }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/artifacts`,
    operationId: "listTrainingArtifacts",
    summary: "Files that a fine-tuning run made, with their hashes",
    tag,
    access: read,
    params,
    responses: { 200: trainingArtifacts },
    handler: async ({ ctx, params: { runId } }) => {
      const row = await requireFineTuning(ctx, runId);
      return { status: 200, body: { data: await readArtifacts(ctx, row.id) } };
    },
  }),
  defineFreeRoute({
    method: "GET",
    path: `${path}/artifacts/:artifactId/content`,
    operationId: "downloadTrainingArtifact",
    summary: "An artifact's bytes, as they were reviewed",
    description:
      "For an agent that serves a trained version itself. The file is held against its SHA-256 first; `x-content-hash` repeats it. 409 where the store does not have it as it was made.",
    tag,
    // Weights may hold what people said.
    access: control,
    params: params.extend({ artifactId: uuid }),
    responses: { 200: "application/octet-stream" },
    handler: async ({ ctx, params: { runId, artifactId }, reply }) => {
      const artifact = await ctx.transact(async (tenant) => {
        const row = await requireFineTuning(tenant, runId);
        return (await readArtifacts(tenant, row.id)).find(({ id }) => id === artifactId);
      });
      if (artifact === undefined) throw notFound("training artifact", artifactId, "path.artifactId");
      const place = await verifyFile(ctx.services.config, ctx.organizationId, artifact).catch(
        (error: unknown) => {
          throw error instanceof ArtifactMismatch ? conflict(error.message) : error;
        },
      );
      void reply.headers({
        "content-type": "application/octet-stream",
        "content-length": artifact.bytes,
        "content-disposition": `attachment; filename="${basename(artifact.name).replaceAll(/[^\w.-]/g, "_")}"`,
        "x-content-hash": artifact.sha256,
      });
      await reply.send(createReadStream(place));
      return "sent";
    },
  }),
];
