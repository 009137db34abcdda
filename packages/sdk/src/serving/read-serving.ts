import type {
  AgentLearningConfig,
  AgentVersionConfig as WireVersionConfig,
  ServedVersion as WireVersion,
  ServingConfiguration as WireServing,
  Split as WireSplit,
} from "@agent-learning/contract";
import { isObject } from "../json.ts";
import type { AgentVersion, LearningSettings, ServingConfiguration, Split, VersionConfig } from "./types.ts";

/** The answer is not a serving configuration; nothing of it is used. */
export class UnreadableServing extends Error {
  override name = "UnreadableServing";
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new UnreadableServing(`the serving configuration is unreadable: ${what}`);
}

const isShare = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 1;
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isListOf = (value: unknown, texts: readonly string[]): boolean =>
  Array.isArray(value) &&
  value.every((each) => isObject(each) && texts.every((field) => isText(each[field])));

function readSettings(value: unknown): LearningSettings {
  check(isObject(value) && isObject(value["feedback_collection"]), "the agent's settings");
  const wire = value as unknown as AgentLearningConfig;
  const { auto_collect: autoCollect, collect_corrections: collectCorrections } = wire.feedback_collection;
  const { min_rating_for_positive: minRatingForPositive } = wire.feedback_collection;
  const switches: unknown[] = [wire.learning_enabled, autoCollect, collectCorrections];
  check(
    switches.every((each) => typeof each === "boolean"),
    "the agent's settings",
  );
  check(isNumber(minRatingForPositive), "the agent's settings");
  return {
    learningEnabled: wire.learning_enabled,
    feedbackCollection: {
      autoCollect,
      minRatingForPositive,
      collectCorrections,
    },
  };
}

function readConfig(config: unknown): VersionConfig {
  check(isObject(config), "a version has no config");
  const wire = config as unknown as WireVersionConfig;
  check(isObject(wire.components) && Object.values(wire.components).every(isText), "components");
  check(isListOf(wire.demonstrations, ["input", "output"]), "demonstrations");
  check(isListOf(wire.playbook, ["id", "text"]), "a playbook");
  check(isText(wire.runtime) && isObject(wire.retrieval) && isObject(wire.parameters), "runtime settings");
  check(wire.model === null || (isObject(wire.model) && isText(wire.model.name)), "a model");
  check(wire.adapter === null || isObject(wire.adapter), "an adapter");
  return {
    runtime: wire.runtime,
    components: wire.components,
    demonstrations: wire.demonstrations.map(({ input, output, example_id: exampleId }) =>
      exampleId === undefined ? { input, output } : { input, output, exampleId },
    ),
    playbook: wire.playbook.map(({ id, text, evidence_ids: evidenceIds, helpful, harmful }) => ({
      id,
      text,
      evidenceIds,
      helpful,
      harmful,
    })),
    retrieval: wire.retrieval,
    model: wire.model,
    adapter: wire.adapter,
    parameters: wire.parameters,
  };
}

function readVersion(value: unknown, id: string): AgentVersion {
  check(isObject(value), "a version");
  const wire = value as unknown as WireVersion;
  check(wire.id === id && isNumber(wire.number) && isText(wire.content_hash), `version ${id}`);
  return {
    id,
    number: wire.number,
    contentHash: wire.content_hash,
    config: readConfig(wire.config),
  };
}

function readSplit(value: unknown, versions: ReadonlyMap<string, AgentVersion>): Split {
  check(isObject(value), "the split");
  const wire = value as unknown as WireSplit;
  check(wire.kind === "experiment" || wire.kind === "rollout", "the split's kind");
  check(isText(wire.id) && isText(wire.seed) && Array.isArray(wire.arms), "the split's id, seed or arms");
  const { hash = "murmur3", slot } = wire;
  check(hash === "murmur3" || hash === "growthbook-v2", `the split's hash ${String(hash)}`);
  check(
    slot === undefined || (isObject(slot) && isText(slot.seed) && isShare(slot.start) && isShare(slot.end)),
    "the split's slot",
  );
  return {
    kind: wire.kind,
    id: wire.id,
    seed: wire.seed,
    hash,
    slot: slot === undefined ? null : { seed: slot.seed, start: slot.start, end: slot.end },
    stage: wire.stage,
    share: wire.share,
    sticky: wire.sticky === true,
    arms: wire.arms.map((arm) => {
      check(isObject(arm) && isText(arm.name) && isShare(arm.start) && isShare(arm.end), "an arm");
      check(versions.has(arm.version_id), `arm ${arm.name} has no version`);
      return { name: arm.name, versionId: arm.version_id, start: arm.start, end: arm.end };
    }),
  };
}

/**
 * Checks and translates the server's answer: all of it can be used, or none.
 * @param expected the agent and environment that were asked for
 * @throws UnreadableServing
 */
export function readServing(
  value: unknown,
  expected: { agentId: string; environment: string },
): ServingConfiguration {
  check(isObject(value), "it is no object");
  const wire = value as unknown as WireServing;
  check(isText(wire.agent_id) && isText(wire.slug) && isNumber(wire.revision), "agent or revision");
  const asked = expected.agentId.toLowerCase();
  check(
    wire.agent_id.toLowerCase() === asked || wire.slug.toLowerCase() === asked,
    `it is about agent ${wire.slug}, not ${expected.agentId}`,
  );
  check(wire.environment === expected.environment, `it is about another environment than asked`);
  check(isObject(wire.versions), "versions");
  const versions = new Map(Object.entries(wire.versions).map(([id, each]) => [id, readVersion(each, id)]));
  const defaultVersionId = wire.default_version_id;
  check(
    defaultVersionId === null || versions.has(defaultVersionId),
    `default version ${defaultVersionId} is not among the versions`,
  );
  // A server from before exclusion groups knows one split.
  const splits: unknown = wire.splits ?? (wire.split === null ? [] : [wire.split]);
  check(Array.isArray(splits), "the splits");
  return {
    agentId: wire.agent_id,
    slug: wire.slug,
    environment: wire.environment,
    revision: wire.revision,
    settings: readSettings(wire.config),
    defaultVersionId,
    versions,
    splits: splits.map((split) => readSplit(split, versions)),
  };
}
