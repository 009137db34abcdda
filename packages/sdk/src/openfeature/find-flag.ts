import { isObject, type JsonValue } from "../json.ts";
import type { AgentVersion, ServingConfiguration } from "../serving/types.ts";

/** What a flag is in one version of the agent. */
export interface FlagValue {
  value: JsonValue;
  /** Name of the value, where the version gives it one. */
  variant: string | undefined;
  /** What the version says about it. */
  metadata: Record<string, string | number | boolean>;
}

function scalars(value: unknown): FlagValue["metadata"] {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string | number | boolean] =>
      ["string", "number", "boolean"].includes(typeof entry[1]),
    ),
  );
}

/** `{ "variant": "warm", "value": 0.9, "metadata": { … } }`, and nothing else in it, is a value with a name. */
function named(value: JsonValue): FlagValue {
  const isNamed =
    isObject(value) &&
    typeof value["variant"] === "string" &&
    "value" in value &&
    Object.keys(value).every((key) => key === "variant" || key === "value" || key === "metadata");
  if (!isNamed) return { value, variant: undefined, metadata: {} };
  return {
    value: value["value"] as JsonValue,
    variant: value["variant"] as string,
    metadata: scalars(value["metadata"]),
  };
}

/** `components.system_prompt`, `retrieval.top_k`, `model.name`: a section of the version, then the names inside it. */
function atPath(version: AgentVersion, key: string): JsonValue | undefined {
  const [section = "", ...names] = key.split(".");
  if (names.length === 0) return undefined;
  let value: unknown = Object.hasOwn(version.config, section)
    ? version.config[section as keyof typeof version.config]
    : undefined;
  for (const name of names) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value as JsonValue | undefined;
}

/**
 * The flag of a version. The agent's slug is its whole configuration; any other key one of its parameters, else a path into the
 * configuration. Undefined: the version has no such flag.
 */
export function findFlag(version: AgentVersion, slug: string, key: string): FlagValue | undefined {
  if (key === slug) {
    return { value: version.config as unknown as JsonValue, variant: undefined, metadata: {} };
  }
  const { parameters } = version.config;
  if (Object.hasOwn(parameters, key)) {
    const value = parameters[key];
    return value === undefined || value === null ? undefined : named(value);
  }
  const value = atPath(version, key);
  return value === undefined || value === null ? undefined : named(value);
}

/** The same JSON, whatever the order of the names. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((value, i) => isEqualJson(value, b[i]))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqualJson(a[key], b[key]))
  );
}

/** Whether every version in service has the same value, so that nothing depends on the unit. */
export function isStaticFlag(configuration: ServingConfiguration, key: string): boolean {
  const [first, ...others] = [...configuration.versions.values()].map((version) =>
    findFlag(version, configuration.slug, key),
  );
  return others.every((other) => isEqualJson(first, other));
}

/** Keys of flags that two configurations differ in: the slug, parameters, and paths to components. */
export function changedFlags(before: ServingConfiguration | null, after: ServingConfiguration): string[] {
  const keysOf = (configuration: ServingConfiguration | null): string[] =>
    [...(configuration?.versions.values() ?? [])].flatMap(({ config }) => [
      ...Object.keys(config.parameters),
      ...Object.keys(config.components).map((name) => `components.${name}`),
      ...Object.keys(config.retrieval).map((name) => `retrieval.${name}`),
    ]);
  const valuesOf = (configuration: ServingConfiguration | null, key: string): (FlagValue | undefined)[] =>
    configuration === null
      ? []
      : [...configuration.versions.values()].map((version) => findFlag(version, configuration.slug, key));
  const keys = new Set([after.slug, ...keysOf(before), ...keysOf(after)]);
  return [...keys].filter((key) => !isEqualJson(valuesOf(before, key), valuesOf(after, key)));
}
