import type {
  AgentVersionConfig,
  AgentVersionDifference,
  ChangedValue,
  JsonValue,
} from "@agent-learning/contract";
import { canonicalJson } from "../../administration/versions/index.ts";

const isObject = (value: unknown): value is Record<string, JsonValue> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every leaf that differs. Arrays are leaves: a list of settings changes as a whole. */
function changedValues(before: JsonValue, after: JsonValue, path: string): ChangedValue[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      changedValues(before[name] ?? null, after[name] ?? null, path === "" ? name : `${path}.${name}`),
    );
  }
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, before, after }];
}

/** Multiset difference by content: what only one side has, and how many both have. */
function compareLists<T>(
  before: readonly T[],
  after: readonly T[],
): { added: T[]; removed: T[]; kept: number } {
  const left = new Map<string, T[]>();
  for (const item of before) {
    const key = canonicalJson(item);
    left.set(key, [...(left.get(key) ?? []), item]);
  }
  const added = after.filter((item) => left.get(canonicalJson(item))?.pop() === undefined);
  const removed = [...left.values()].flat();
  return { added, removed, kept: after.length - added.length };
}

function comparePlaybooks(
  before: AgentVersionConfig["playbook"],
  after: AgentVersionConfig["playbook"],
): AgentVersionDifference["playbook"] {
  const { added, removed, kept } = compareLists(before, after);
  const gone = new Map(removed.map((rule) => [rule.id, rule]));
  const changed = added.flatMap((rule) => {
    const earlier = gone.get(rule.id);
    return earlier === undefined ? [] : [{ before: earlier, after: rule }];
  });
  const ids = new Set(changed.map((pair) => pair.after.id));
  return {
    added: added.filter((rule) => !ids.has(rule.id)),
    removed: removed.filter((rule) => !ids.has(rule.id)),
    changed,
    kept,
  };
}

interface Numbered {
  id: string;
  number: number;
  config: AgentVersionConfig;
}

/** What distinguishes `to` from `from`: settings leaf by leaf, demonstrations and playbook rules as sets. */
export function diffVersions(from: Numbered, to: Numbered): AgentVersionDifference {
  const settings = ({ demonstrations: _d, playbook: _p, ...rest }: AgentVersionConfig): JsonValue =>
    rest as unknown as JsonValue;
  const changed = changedValues(settings(from.config), settings(to.config), "");
  const demonstrations = compareLists(from.config.demonstrations, to.config.demonstrations);
  const playbook = comparePlaybooks(from.config.playbook, to.config.playbook);
  return {
    from: { id: from.id, number: from.number },
    to: { id: to.id, number: to.number },
    identical: canonicalJson(from.config) === canonicalJson(to.config),
    changed,
    demonstrations,
    playbook,
  };
}
