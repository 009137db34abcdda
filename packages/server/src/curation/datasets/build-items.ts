import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  agentPolicy,
  type DatasetCard,
  type DatasetSelection,
  MOST_DATASET_EXAMPLES,
  type SplitShares,
} from "@agent-learning/contract";
import { contributorCap, type ContributorCaps, DisjointSets } from "@agent-learning/learning";
import type { Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AgentsTable } from "../../database/schema.ts";
import { unprocessable } from "../../http/index.ts";
import { reviewAgentContributions } from "../trust/index.ts";
import { agreementOf } from "./agreement.ts";
import { assignSplits, type SplitItem, type SplitPlan } from "./assign-splits.ts";
import { CardBuilder } from "./card-builder.ts";
import { hashItem, itemOf, merkleLeaf } from "./dataset-item.ts";
import { readEvaluationTexts } from "./evaluation-texts.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import {
  type Candidate,
  type CandidateQuery,
  copyExamples,
  countHeldBack,
  type DatasetBuild,
  deleteItems,
  insertItems,
  type NewItem,
  readCandidates,
  readCutoff,
  readDraftCandidates,
  readDecisions,
  readSalt,
} from "./store.ts";

const PAGE = 1_000;

/** The stored selection: the caller's, with the shares of the splits. */
export interface StoredSelection extends DatasetSelection {
  split: SplitShares;
}

export interface BuildInput {
  datasetId: string;
  agent: Selectable<AgentsTable>;
  selection: StoredSelection;
  /** Rebuild from what the draft holds, knowing what it left out, rather than from everything that fits. */
  draft: Pick<DatasetCard, "excluded" | "contamination"> | undefined;
  /** Examples that a dataset holds at most. */
  most?: number;
}

interface Plan extends SplitPlan {
  ids: string[];
  /** Ids beyond what one end user may have. */
  capped: ReadonlySet<string>;
  duplicates: { groups: number; examples: number };
}

async function* candidatesOf(
  ctx: TenantContext,
  input: BuildInput,
  query: CandidateQuery,
): AsyncGenerator<Candidate[]> {
  const { max_examples } = input.selection;
  if (input.draft !== undefined) {
    for (let after = -1; ;) {
      const page = await readDraftCandidates(ctx, input.datasetId, { after, limit: PAGE });
      yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.position ?? after;
    }
  }
  const from = max_examples === undefined ? undefined : await readCutoff(ctx, query, max_examples);
  for (let after: string | undefined; ;) {
    const page = await readCandidates(ctx, query, { from, after, limit: PAGE });
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
  }
}

function countDuplicates(
  size: number,
  links: readonly (readonly [number, number])[],
): { groups: number; examples: number } {
  const sets = new DisjointSets(size);
  for (const [a, b] of links) sets.union(a, b);
  const sizes = new Map<number, number>();
  for (const index of new Set(links.flat()))
    sizes.set(sets.find(index), (sizes.get(sets.find(index)) ?? 0) + 1);
  return { groups: sizes.size, examples: [...sizes.values()].reduce((sum, count) => sum + count, 0) };
}

function requireWithin(count: number, most: number): void {
  if (count <= most) return;
  const message = `fits more than ${most.toLocaleString("en-US")} examples, which is what one dataset holds`;
  throw unprocessable(
    "body.selection",
    `${message}: say how many of the newest it takes in max_examples, or narrow it`,
  );
}

async function planSplits(
  ctx: TenantContext,
  input: BuildInput & { caps: ContributorCaps; most: number },
  query: CandidateQuery,
): Promise<Plan> {
  const near = new NearDuplicates();
  const items: SplitItem[] = [];
  const ofEndUsers = new Map<string, string[]>();
  for await (const page of candidatesOf(ctx, input, query)) {
    for (const { id, group_key, input_text, previous, end_user } of page) {
      near.add(input_text);
      if (end_user !== null) ofEndUsers.set(end_user, [...(ofEndUsers.get(end_user) ?? []), id]);
      items.push({ id, groupKey: group_key, previous: previous ?? undefined });
    }
    requireWithin(items.length, input.most);
    await yieldToOthers();
  }
  const links: (readonly [number, number])[] = [];
  for (const link of near.links()) {
    if (link === null) await yieldToOthers();
    else links.push(link);
  }
  const { agent, selection } = input;
  const salt = await readSalt(ctx, agent.id);
  const plan = assignSplits({ items, links, shares: selection.split, salt, saltBase: agent.slug });
  const cap = contributorCap(items.length, input.caps);
  const capped = new Set([...ofEndUsers.values()].flatMap((ids) => ids.slice(cap)));
  return {
    ...plan,
    capped,
    ids: items.map(({ id }) => id),
    duplicates: countDuplicates(items.length, links),
  };
}

/**
 * Fills a draft: holds poisoned contributions back, selects examples, at most so many of one end user, splits them without leaks, leaves what the
 * agent is tested with out of train and validation, copies them with their hashes, and writes up what there is to
 * know. Two passes of a thousand rows at a time: memory grows by some hundred bytes an example, not by its text, up to a million of them.
 * The caller holds the agent's dataset lock.
 * @throws ProblemError unprocessable for a selection that fits more than a dataset holds
 */
export async function buildItems(ctx: TenantContext, input: BuildInput): Promise<DatasetBuild> {
  const { agent, datasetId } = input;
  const { split: _shares, max_examples: _newest, min_quality_score, ...selection } = input.selection;
  const thresholds = agentPolicy.parse(agent.policy).training;
  const minimumQuality = Math.max(thresholds.min_quality_score, min_quality_score ?? 0);
  const query: CandidateQuery = { agentId: agent.id, minimumQuality, selection };
  await reviewAgentContributions({ ctx, input: { agentId: agent.id } });
  const caps = {
    maximumItems: thresholds.max_items_per_contributor,
    maximumShare: thresholds.max_share_per_contributor,
  };
  const plan = await planSplits(ctx, { ...input, caps, most: input.most ?? MOST_DATASET_EXAMPLES }, query);
  await deleteItems(ctx, datasetId);
  const cards = new CardBuilder();
  const tree = new MerkleTree();
  const held = await readEvaluationTexts(ctx, agent.id);
  const removed = [...(input.draft?.contamination?.examples ?? [])];
  let removals = input.draft?.contamination?.removed ?? 0;
  const domains = new Set<string>();
  const taskTypes = new Set<string>();
  const splitCounts: SplitShares = { train: 0, validation: 0, test: 0 };
  let position = 0;
  for (let start = 0; start < plan.ids.length; start += PAGE) {
    const ids = plan.ids.slice(start, start + PAGE);
    const places = new Map(ids.map((id, offset) => [id, plan.assignments[start + offset]]));
    const items: NewItem[] = [];
    for (const row of await copyExamples(ctx, query, ids)) {
      const place = places.get(row.id);
      if (place === undefined || place.split === null || plan.capped.has(row.id)) continue;
      const item = itemOf(row);
      const case_id = place.split === "test" ? undefined : held.caseOf(item.input_text);
      if (case_id !== undefined) {
        removed.push({ learning_example_id: row.id, case_id });
        removals += 1;
        continue;
      }
      const item_hash = hashItem(item);
      tree.append(merkleLeaf(item_hash, place.split));
      cards.add({
        ...item,
        id: row.id,
        split: place.split,
        group: place.group,
        isVerified: row.is_human_verified,
        contributorId: row.source_user_id,
      });
      if (item.domain !== null) domains.add(item.domain);
      if (item.task_type !== null) taskTypes.add(item.task_type);
      splitCounts[place.split] += 1;
      const { split, group: group_key } = place;
      items.push({ position, learning_example_id: row.id, split, group_key, item, item_hash });
      position += 1;
    }
    if (items.length > 0) await insertItems(ctx, datasetId, items);
    await yieldToOthers();
  }
  const left = plan.ids.filter((_, index) => plan.assignments[index]?.split === null);
  const before = input.draft?.excluded ?? { examples: 0, ids: [] };
  const excluded = { examples: before.examples + left.length, ids: [...before.ids, ...left] };
  const agreement = agreementOf(await readDecisions(ctx, agent.id, selection));
  const contamination = { cases: held.size, removed: removals, examples: removed };
  const contributions = { capped: plan.capped.size, held_back: await countHeldBack(ctx, agent.id) };
  return {
    card: cards.build(
      { agreement, duplicates: plan.duplicates, excluded, contributions, contamination },
      thresholds,
    ),
    domains: [...domains].sort(),
    taskTypes: [...taskTypes].sort(),
    splitSalt: plan.salt,
    splitCounts,
    contentHash: tree.root(),
  };
}
