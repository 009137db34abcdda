import type { ServingConfiguration as WireServing, ServedVersion } from "@agent-learning/contract";

export const AGENT_ID = "01935f00-0000-7000-8000-000000000001";
export const V1 = "01935f00-0000-7000-8000-000000000011";
export const V2 = "01935f00-0000-7000-8000-000000000012";
export const EXPERIMENT = "01935f00-0000-7000-8000-0000000000e1";

/** A version as the server sends it. */
export function wireVersion(id: string, number: number): ServedVersion {
  return {
    id,
    number,
    content_hash: `hash-${number}`,
    config: {
      runtime: "demonstrations",
      components: { system_prompt: `prompt ${number}` },
      demonstrations: [{ input: "in", output: "out", example_id: "e1" }],
      playbook: [{ id: "r1", text: "be exact", evidence_ids: ["e1"], helpful: 2, harmful: 0 }],
      retrieval: { top_k: 4 },
      model: { name: "m", some_option: 1 },
      adapter: null,
      parameters: { temperature: 0 },
    },
  };
}

/** What the server sends for `my-agent`: version 1 in service, no split. */
export function wireServing(change: Partial<WireServing> = {}): WireServing {
  return {
    agent_id: AGENT_ID,
    slug: "my-agent",
    environment: "production",
    revision: 7,
    config: {
      learning_enabled: true,
      feedback_collection: { auto_collect: true, min_rating_for_positive: 4, collect_corrections: true },
    },
    default_version_id: V1,
    versions: { [V1]: wireVersion(V1, 1), [V2]: wireVersion(V2, 2) },
    split: change.split ?? null,
    splits: change.split ? [change.split] : [],
    ...change,
  };
}

/** The two fields in which a server tells of a split, or of none. */
export function wireSplit(split: WireServing["split"]): Pick<WireServing, "split" | "splits"> {
  return { split, splits: split === null ? [] : [split] };
}

/** Halves: control below 0.5, treatment from there. */
export function wireExperiment(): NonNullable<WireServing["split"]> {
  return {
    kind: "experiment",
    id: EXPERIMENT,
    seed: "seed-1",
    stage: 0,
    share: 0.5,
    arms: [
      { name: "control", version_id: V1, start: 0, end: 0.5 },
      { name: "treatment", version_id: V2, start: 0.5, end: 1 },
    ],
  };
}
