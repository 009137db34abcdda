import { isObject, parseJson } from "../json.ts";
import { createItem, type Item, LANES } from "./item.ts";

/** One line of JSON, ended by a newline: a line that was cut off is no JSON, so it is told from a whole one. */
export function encodeItem(item: Item): string {
  return `{"key":${JSON.stringify(item.key)},"lane":"${item.lane}","at":${item.at},"body":${item.body}}\n`;
}

function decodeItem(line: string): Item | undefined {
  const value = parseJson(line);
  if (!isObject(value)) return undefined;
  const { key, lane, at, body } = value;
  const isWhole = typeof key === "string" && typeof at === "number" && isObject(body);
  if (!isWhole || typeof lane !== "string" || !Object.hasOwn(LANES, lane)) return undefined;
  return createItem(key, lane as Item["lane"], JSON.stringify(body), at);
}

/**
 * The items of a file, without those whose keys are in `done` and without repetitions.
 * `corrupt`: how many lines are unreadable, such as the last one of a process that was killed as it wrote.
 */
export function decodeItems(text: string, done: ReadonlySet<string>): { items: Item[]; corrupt: number } {
  const items = new Map<string, Item>();
  let corrupt = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const item = decodeItem(line);
    if (item === undefined) corrupt += 1;
    else if (!done.has(item.key)) items.set(item.key, item);
  }
  return { items: [...items.values()], corrupt };
}
