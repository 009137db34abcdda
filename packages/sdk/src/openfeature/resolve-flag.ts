import {
  ErrorCode,
  type FlagMetadata,
  type ResolutionDetails,
  StandardResolutionReasons,
} from "@openfeature/server-sdk";
import { isObject, type JsonValue } from "../json.ts";
import type { Learning } from "../learning/learning.ts";
import type { Resolution, ServingConfiguration } from "../serving/types.ts";
import { type FlagValue, findFlag, isStaticFlag } from "./find-flag.ts";

export type FlagType = "boolean" | "string" | "number" | "object";

export interface FlagQuestion<T> {
  key: string;
  type: FlagType;
  defaultValue: T;
  /** Whom the flag is asked for; undefined: nobody in particular. */
  unit: string | undefined;
}

/** Whether a flag is static is the same until the configuration changes. */
const staticFlags = new WeakMap<ServingConfiguration, Map<string, boolean>>();

function isStatic(configuration: ServingConfiguration, key: string): boolean {
  let known = staticFlags.get(configuration);
  if (known === undefined) staticFlags.set(configuration, (known = new Map()));
  let answer = known.get(key);
  if (answer === undefined) known.set(key, (answer = isStaticFlag(configuration, key)));
  return answer;
}

function isOfType(value: JsonValue, type: FlagType): boolean {
  return type === "object" ? isObject(value) || Array.isArray(value) : typeof value === type;
}

function metadataOf(
  configuration: ServingConfiguration,
  { version, split }: Resolution,
  flag: FlagValue,
): FlagMetadata {
  return {
    ...flag.metadata,
    agentId: configuration.agentId,
    agent: configuration.slug,
    environment: configuration.environment,
    revision: configuration.revision,
    ...(version === null ? {} : { versionId: version.id, versionNumber: version.number }),
    ...(split === null ? {} : { splitKind: split.kind, splitId: split.id, arm: split.arm }),
  };
}

/**
 * A flag for a unit, from the last known configuration: no request is made. Reasons: STATIC where every version in service has the same
 * value, SPLIT where an experiment or rollout decided by the unit, DEFAULT where one could have and the unit is in none of its arms.
 */
export function resolveFlag<T>(learning: Learning, question: FlagQuestion<T>): ResolutionDetails<T> {
  const { key, type, defaultValue, unit } = question;
  const fail = (errorCode: ErrorCode, errorMessage: string): ResolutionDetails<T> => {
    return { value: defaultValue, reason: StandardResolutionReasons.ERROR, errorCode, errorMessage };
  };
  const configuration = learning.configuration();
  if (configuration === null) return fail(ErrorCode.PROVIDER_NOT_READY, "no configuration is known yet");
  // An empty unit is in no arm and gets the default version.
  const resolution = learning.resolve(unit ?? "");
  const { version, split } = resolution;
  if (version === null) {
    return fail(
      ErrorCode.FLAG_NOT_FOUND,
      `flag ${key} not found: ${configuration.slug} has no version in service`,
    );
  }
  const flag = findFlag(version, configuration.slug, key);
  if (flag === undefined) {
    return fail(
      ErrorCode.FLAG_NOT_FOUND,
      `flag ${key} not found in version ${version.number} of ${configuration.slug}`,
    );
  }
  if (!isOfType(flag.value, type)) {
    return fail(
      ErrorCode.TYPE_MISMATCH,
      `flag ${key} is no ${type} in version ${version.number} of ${configuration.slug}`,
    );
  }
  const reasons = StandardResolutionReasons;
  return {
    value: flag.value as T,
    variant: flag.variant ?? split?.arm ?? `v${version.number}`,
    reason: isStatic(configuration, key) ? reasons.STATIC : split === null ? reasons.DEFAULT : reasons.SPLIT,
    flagMetadata: metadataOf(configuration, resolution, flag),
  };
}
