import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  createRandom,
  CHUNKING_GRID,
  cutText,
  type ChunkSettings,
  type OptimizedChunking,
  optimizeChunkingInSteps,
  type OptimizeChunkingOptions,
  type SpanQuestion,
} from "@agent-learning/learning";
import { type ChunkingSettings, groupOf, settingsOf } from "../../../curation/documents/index.ts";

/** A document with what says how it is cut. */
export interface CutDocument {
  body: string;
  metadata: unknown;
}

/** What was found for all documents (group null) or one group. */
export interface GroupChoice extends OptimizedChunking {
  group: string | null;
  documents: number;
  was: ChunkSettings & { shown: number };
}

export interface ChosenChunking {
  settings: ChunkingSettings;
  shown: number;
  /** Whether anything is to change. */
  isChange: boolean;
  choices: GroupChoice[];
}

interface Options {
  current: ChunkingSettings;
  /** Chunks that are shown now. */
  shown: number;
  groupBy: string;
  seed: number;
  signal: AbortSignal;
  onProgress: (share: number) => Promise<void>;
}

/** Questions of a group below which it is cut as all are. */
const FEWEST_OF_GROUP = 40;

/**
 * Searches size, overlap and the number of chunks to show for all documents, then size and overlap for each group with enough questions.
 * Whatever is chosen has proved itself on questions that the choice did not see.
 */
export async function chooseChunking(
  documents: ReadonlyMap<string, CutDocument>,
  questions: readonly SpanQuestion[],
  { current, shown, groupBy, seed, signal, onProgress }: Options,
): Promise<ChosenChunking> {
  const groupOfDocument = (name: string): string | undefined =>
    groupOf(documents.get(name)?.metadata, groupBy);
  const byGroup = new Map<string, SpanQuestion[]>();
  for (const question of questions) {
    const groups = new Set(question.spans.map(({ document }) => groupOfDocument(document)));
    const [group] = groups;
    if (groups.size !== 1 || group === undefined) continue;
    byGroup.set(group, [...(byGroup.get(group) ?? []), question]);
  }
  const enough = [...byGroup]
    .filter(([, list]) => list.length >= FEWEST_OF_GROUP)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const searches = 1 + enough.length;
  let finished = 0;
  const search = async (
    names: readonly string[],
    list: readonly SpanQuestion[],
    options: Pick<OptimizeChunkingOptions, "baseline" | "baselineShown" | "shown">,
    label: string,
  ): Promise<OptimizedChunking> => {
    const texts = new Map(names.map((name) => [name, documents.get(name)?.body ?? ""]));
    const steps = optimizeChunkingInSteps(texts, list, {
      random: createRandom(`${seed} ${label}`),
      signal,
      ...options,
    });
    for (let step = 0; ; step += 1) {
      const next = steps.next();
      if (next.done === true) {
        finished += 1;
        return next.value;
      }
      // Requests of this process are answered in between.
      await yieldToOthers();
      await onProgress((finished + step / CHUNKING_GRID.length) / searches);
    }
  };
  const all = [...documents.keys()];
  // Texts are cut one by one, each as its own group is.
  const settingsByText = new Map(
    [...documents.values()].map(({ body, metadata }) => [body, settingsOf(current, metadata)]),
  );
  const asNow = (text: string) => cutText(text, settingsByText.get(text) ?? current);
  const whole = await search(all, questions, { baseline: asNow, baselineShown: shown }, "all");
  const was = { size: current.size, overlap: current.overlap, shown };
  const choices: GroupChoice[] = [{ ...whole, group: null, documents: all.length, was }];
  const isNew = whole.verdict === "change" && whole.settings !== null;
  const base: ChunkSettings & { shown: number } = isNew && whole.settings !== null ? whole.settings : was;
  const kept = isNew || current.group_by !== groupBy ? {} : (current.groups ?? {});
  const groups: Record<string, ChunkSettings> = { ...kept };
  let isChange = isNew;
  for (const [group, list] of enough) {
    const names = all.filter((name) => groupOfDocument(name) === group);
    const baseline = (Object.hasOwn(groups, group) ? groups[group] : undefined) ?? {
      size: base.size,
      overlap: base.overlap,
    };
    const found = await search(
      names,
      list,
      { baseline, baselineShown: base.shown, shown: [base.shown] },
      group,
    );
    choices.push({ ...found, group, documents: names.length, was: { ...baseline, shown: base.shown } });
    if (found.verdict !== "change" || found.settings === null) continue;
    isChange = true;
    groups[group] = { size: found.settings.size, overlap: found.settings.overlap };
  }
  const hasGroups = Object.keys(groups).length > 0;
  const settings: ChunkingSettings = {
    size: base.size,
    overlap: base.overlap,
    ...(hasGroups ? { group_by: groupBy, groups } : {}),
  };
  return { settings, shown: base.shown, isChange, choices };
}
