/** Fields whose content belongs to the caller or to a version: passed through as it is on the wire. */
const OPAQUE_FIELDS = [
  "adapter",
  "after",
  "annotation_data",
  "before",
  "best_metrics",
  "config",
  "context",
  "control_config",
  "data",
  "demonstrations",
  "error",
  "evaluator",
  "evidence",
  "features",
  "goal_evaluators",
  "goal_weights",
  "hyperparameters",
  "input_context",
  "metadata",
  "metrics",
  "playbook",
  "report",
  "snapshot",
  "treatment_config",
] as const;

/** Fields whose keys are values of the API (feedback types, metrics): the keys stay, what they hold is converted. */
const KEYED_FIELDS = [
  "arm_metrics",
  "by_type",
  "control_metrics",
  "counts",
  "erased",
  "samples",
  "shares",
  "signals",
  "slice_floors",
  "treatment_metrics",
  "versions",
] as const;

type OpaqueField = (typeof OPAQUE_FIELDS)[number];
type KeyedField = (typeof KEYED_FIELDS)[number];

type CamelKey<K> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

type CamelField<K, V> = K extends OpaqueField
  ? V extends readonly unknown[]
    ? CamelCased<V>
    : V
  : K extends KeyedField
    ? CamelValues<V>
    : CamelCased<V>;

type CamelValues<T> = T extends readonly unknown[]
  ? CamelCased<T>
  : T extends object
    ? { [K in keyof T]: CamelCased<T[K]> }
    : T;

/** A wire type as the hooks give it: `pending_annotations` becomes `pendingAnnotations`. */
export type CamelCased<T> = T extends readonly unknown[]
  ? { [I in keyof T]: CamelCased<T[I]> }
  : T extends object
    ? { [K in keyof T as CamelKey<K>]: CamelField<K, T[K]> }
    : T;

const opaque: ReadonlySet<string> = new Set(OPAQUE_FIELDS);
const keyed: ReadonlySet<string> = new Set(KEYED_FIELDS);

const camelKey = (key: string): string =>
  key.replaceAll(/_([a-z0-9])/g, (_match, next: string) => next.toUpperCase());
const snakeKey = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function convert(value: unknown, rename: (key: string) => string, wireOf: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, rename, wireOf));
  if (typeof value !== "object" || value === null) return value;
  const walk = (held: unknown): unknown => convert(held, rename, wireOf);
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => {
      const wire = wireOf(key);
      // An object under `data` or `metrics` is somebody's content, a list there is ours (a page, compared metrics).
      if (opaque.has(wire) && !Array.isArray(held)) return [rename(key), held];
      if (keyed.has(wire) && typeof held === "object" && held !== null && !Array.isArray(held)) {
        return [
          rename(key),
          Object.fromEntries(Object.entries(held).map(([name, item]) => [name, walk(item)])),
        ];
      }
      return [rename(key), walk(held)];
    }),
  );
}

/** A body from the wire in camelCase. Content of users and of versions stays as it is. */
export function toCamelCase<T>(wire: T): CamelCased<T> {
  return convert(wire, camelKey, (key) => key) as CamelCased<T>;
}

/** The way back, for bodies and queries. */
export function toSnakeCase<T>(value: CamelCased<T>): T {
  return convert(value, snakeKey, snakeKey) as T;
}
