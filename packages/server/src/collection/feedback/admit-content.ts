import type { FieldError } from "@agent-learning/contract";
import { readIssueCategories } from "../../administration/organizations/issue-categories.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";
import { perServices } from "../../per-services.ts";
import { checkContent } from "./check-content.ts";
import type { StoredContent } from "./feedback-content.ts";

const CACHE_MILLISECONDS = 10_000;
const CACHE_SIZE = 10_000;

const knownCategories = perServices(() => new Map<string, { slugs: ReadonlySet<string>; until: number }>());

/** The categories that an organization's feedback may name, at most ten seconds old. */
async function activeCategories(ctx: Context, fresh: boolean): Promise<ReadonlySet<string>> {
  const cache = knownCategories(ctx.services);
  const cached = cache.get(ctx.organizationId);
  if (!fresh && cached !== undefined && cached.until > performance.now()) return cached.slugs;
  const categories = await ctx.transact(readIssueCategories);
  const slugs = new Set(categories.filter((category) => category.is_active).map(({ slug }) => slug));
  cache.set(ctx.organizationId, { slugs, until: performance.now() + CACHE_MILLISECONDS });
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  return slugs;
}

/** What is wrong with each of several contents; categories are read once, and again before one is called unknown. */
export async function examineContents(
  ctx: Context,
  contents: readonly StoredContent[],
): Promise<FieldError[][]> {
  const named = contents.some((content) => content.issue_categories.length > 0);
  let categories = named ? await activeCategories(ctx, false) : new Set<string>();
  const unknown = contents.some((content) =>
    content.issue_categories.some((category) => !categories.has(category)),
  );
  if (unknown) categories = await activeCategories(ctx, true);
  return contents.map((content) => checkContent(content, categories));
}

/** 422 for a feedback whose fields do not go together; `path` is where it stands in the request. */
export function contentProblem(errors: readonly FieldError[], path: string): ProblemError {
  const placed = errors.map((error) => ({ ...error, path: `${path}.${error.path}` }));
  return new ProblemError(
    "unprocessable",
    `The feedback does not make sense: ${placed[0]?.path}: ${placed[0]?.message}. Correct it and send it again.`,
    { errors: placed },
  );
}

/** @throws ProblemError unprocessable when the content, or `more`, is wrong */
export async function admitContent(
  ctx: Context,
  content: StoredContent,
  path: string,
  more: readonly FieldError[] = [],
): Promise<void> {
  const [errors = []] = await examineContents(ctx, [content]);
  if (errors.length + more.length > 0) throw contentProblem([...errors, ...more], path);
}
