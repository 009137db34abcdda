"use client";
import {
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useMutation,
  type UseMutationResult,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { LearningApiError } from "../../client/learning-api-error.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import {
  type Entity,
  type LearningListQuery,
  type LearningQuery,
  QUERY_ROOT,
} from "../queries/define-query.ts";
import { useLearningClient, useLearningQueryClient } from "./use-client.ts";

export interface ReadHookOptions {
  /** False: do not ask yet. */
  enabled?: boolean | undefined;
  /** Milliseconds between looks while the page is visible; false: none. */
  refetchInterval?: number | false | undefined;
}

/** `data`, `error`, `isPending` … of one read. */
export type LearningRead<T> = UseQueryResult<T, LearningApiError>;

/** `data` is the items of every page read so far; `fetchNextPage` reads on while `hasNextPage`. */
export type LearningList<T> = UseInfiniteQueryResult<T[], LearningApiError>;

/** `mutate(input)`; what it changes is read again when it is done. */
export type LearningWrite<Input, Output> = UseMutationResult<Output, LearningApiError, Input>;

const settle = ({ enabled, refetchInterval }: ReadHookOptions): object => ({
  ...(enabled === undefined ? {} : { enabled }),
  ...(refetchInterval === undefined ? {} : { refetchInterval }),
});

/** Reads with the client of the nearest provider. */
function useRead<T>(
  queryOf: (client: LearningClient) => LearningQuery<T>,
  options: ReadHookOptions = {},
): LearningRead<T> {
  return useQuery({ ...queryOf(useLearningClient()), ...settle(options) }, useLearningQueryClient());
}

/** Reads a list with the client of the nearest provider. */
function useList<T>(
  queryOf: (client: LearningClient) => LearningListQuery<T>,
  options: ReadHookOptions = {},
): LearningList<T> {
  return useInfiniteQuery({ ...queryOf(useLearningClient()), ...settle(options) }, useLearningQueryClient());
}

type Arguments = readonly unknown[];

/** The hook of a query: the query's arguments without the client, then when to ask. */
export type ReadHook<Q> = Q extends (client: LearningClient, ...args: infer A) => LearningQuery<infer T>
  ? (...args: [...A, options?: ReadHookOptions]) => LearningRead<T>
  : never;

/** The hook of a query for a list. */
export type ListHook<Q> = Q extends (client: LearningClient, ...args: infer A) => LearningListQuery<infer T>
  ? (...args: [...A, options?: ReadHookOptions]) => LearningList<T>
  : never;

/** Makes the hook of a query that takes `count` arguments beside the client. */
export function readHook<Q extends (client: LearningClient, ...args: never) => unknown>(
  queryOf: Q,
  count: number,
): ReadHook<Q> {
  const query = queryOf as unknown as (client: LearningClient, ...args: Arguments) => LearningQuery<unknown>;
  return ((...args: Arguments) =>
    useRead(
      (client) => query(client, ...args.slice(0, count)),
      args[count] as ReadHookOptions | undefined,
    )) as ReadHook<Q>;
}

/** Makes the hook of a query for a list that takes `count` arguments beside the client. */
export function listHook<Q extends (client: LearningClient, ...args: never) => unknown>(
  queryOf: Q,
  count: number,
): ListHook<Q> {
  const query = queryOf as unknown as (
    client: LearningClient,
    ...args: Arguments
  ) => LearningListQuery<unknown>;
  return ((...args: Arguments) =>
    useList(
      (client) => query(client, ...args.slice(0, count)),
      args[count] as ReadHookOptions | undefined,
    )) as ListHook<Q>;
}

/** Writes with the client of the nearest provider, then reads again what `invalidates` names. */
export function useWrite<Input, Output>(
  write: (client: LearningClient, input: Input) => Promise<Output>,
  invalidates: readonly Entity[],
): LearningWrite<Input, Output> {
  const client = useLearningClient();
  const queries = useLearningQueryClient();
  return useMutation<Output, LearningApiError, Input>(
    {
      mutationFn: (input) => write(client, input),
      onSettled: () =>
        Promise.all(
          invalidates.map((entity) => queries.invalidateQueries({ queryKey: [QUERY_ROOT, entity] })),
        ),
    },
    queries,
  );
}

/** `T` with fields that the server fills when they are left out. */
export type WithDefaults<T, K extends keyof T> = Omit<T, K> & { [P in K]?: T[P] | undefined };
