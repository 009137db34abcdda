import {
  agentVersionConfig,
  isUuid,
  type DatasetStatus,
  type VersionLineage,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { findVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { afterVersions } from "./descendants.ts";
import { readRunOf, readSourcesOf, readTrainedOn } from "./store.ts";

/** Examples that are named. */
const MOST_EXAMPLES = 500;

/**
 * What a version was made of, back to the feedback, and what became of it.
 * @throws ProblemError not-found
 */
export async function getVersionLineage({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agentId: string; versionId: string };
}): Promise<VersionLineage> {
  const agent = await findAgent(ctx, input.agentId, "path.agentId");
  const version = await findVersion(ctx, agent.id, input.versionId, "path.versionId");
  const run = version.training_run_id === null ? undefined : await readRunOf(ctx, version.training_run_id);
  const demonstrated = agentVersionConfig
    .parse(version.config)
    .demonstrations.flatMap(({ example_id: id }) => (id !== undefined && isUuid(id) ? [id] : []));
  const shown = await readSourcesOf(ctx, [...new Set(demonstrated)].slice(0, MOST_EXAMPLES + 1));
  const examples: VersionLineage["examples"] = shown.map((row) => ({ ...row, via: "demonstration" }));
  const known = new Set(examples.map(({ id }) => id));
  if (run?.dataset != null)
    for (const row of await readTrainedOn(ctx, run.dataset.id, MOST_EXAMPLES + 1))
      if (!known.has(row.id)) examples.push({ ...row, via: "dataset" });
  const after = await afterVersions(ctx, [version.id]);
  return {
    version_id: version.id,
    parent_version_id: version.parent_version_id,
    evidence_erased_at: version.evidence_erased_at?.toISOString() ?? null,
    training_run: run === undefined ? null : { id: run.id, name: run.name, status: run.status },
    dataset: run?.dataset == null ? null : { ...run.dataset, status: run.dataset.status as DatasetStatus },
    examples: examples.slice(0, MOST_EXAMPLES),
    ...after,
    is_truncated: examples.length > MOST_EXAMPLES,
  };
}
