import {
  type DataTag,
  infiniteQueryOptions,
  type InfiniteData,
  type QueryKey,
  queryOptions,
  type UndefinedInitialDataInfiniteOptions,
  type UndefinedInitialDataOptions,
} from "@tanstack/react-query";
import type { CamelCased } from "../../client/case.ts";
import type { LearningApiError } from "../../client/learning-api-error.ts";
import type { LearningClient } from "../../client/learning-client.ts";

/** First part of every query key. */
export const QUERY_ROOT = "agent-learning";

/** What a query is about: the second part of its key, and what writes invalidate. */
export type Entity =
  | "agents"
  | "annotations"
  | "audit"
  | "datasets"
  | "documents"
  | "examples"
  | "executions"
  | "experiments"
  | "feedback"
  | "keys"
  | "members"
  | "organization"
  | "regression"
  | "retrievals"
  | "rollouts"
  | "serving"
  | "session"
  | "stats"
  | "training-runs"
  | "versions";

/** Options of one read: for `useQuery`, `prefetchQuery`, `ensureQueryData` … */
export type LearningQuery<T> = UndefinedInitialDataOptions<T, LearningApiError> & {
  queryKey: DataTag<QueryKey, T, LearningApiError>;
};

/** One page of a list. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** Options of a list that is read page by page; its data is the items of every page that was read. */
export type LearningListQuery<T> = UndefinedInitialDataInfiniteOptions<
  Page<T>,
  LearningApiError,
  T[],
  QueryKey,
  string | undefined
> & { queryKey: DataTag<QueryKey, InfiniteData<Page<T>, string | undefined>, LearningApiError> };

const given = (params: object): object =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));

/** The key of a query: `["agent-learning", entity, address, parameters]`. */
export function queryKey(entity: Entity, address: string, params: object = {}): QueryKey {
  return [QUERY_ROOT, entity, address, given(params)];
}

/** A read of one thing of wire type `T`. */
export function readQuery<T>(
  client: LearningClient,
  entity: Entity,
  address: string,
  params: object = {},
): LearningQuery<CamelCased<T>> {
  return queryOptions<CamelCased<T>, LearningApiError>({
    queryKey: queryKey(entity, address, params),
    queryFn: ({ signal }) => client.request<T>("GET", address, { query: params, signal }),
  }) as LearningQuery<CamelCased<T>>;
}

/** A read of a list of things of wire type `T`. */
export function listQuery<T>(
  client: LearningClient,
  entity: Entity,
  address: string,
  params: object = {},
): LearningListQuery<CamelCased<T>> {
  return infiniteQueryOptions<
    Page<CamelCased<T>>,
    LearningApiError,
    CamelCased<T>[],
    QueryKey,
    string | undefined
  >({
    queryKey: [...queryKey(entity, address, params), "list"],
    initialPageParam: undefined,
    queryFn: async ({ signal, pageParam }) =>
      (await client.request("GET", address, { query: { ...params, cursor: pageParam }, signal })) as Page<
        CamelCased<T>
      >,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
  }) as LearningListQuery<CamelCased<T>>;
}

/** What a list may be restricted to; `limit` is the size of a page. */
export type ListParams<T> = Partial<Omit<CamelCased<T>, "cursor">>;
