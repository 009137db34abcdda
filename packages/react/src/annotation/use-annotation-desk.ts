"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { QUERY_ROOT } from "../query/queries/define-query.ts";
import { useLearningClient, useLearningQueryClient } from "../query/hooks/use-client.ts";
import { createDesk, type Desk, type DeskState } from "./desk/desk.ts";
import { createDeskApi } from "./desk/desk-api.ts";
import { openDeskStorage } from "./desk/desk-storage.ts";
import type { DeskFilter } from "./desk/types.ts";

const CLOSED: DeskState = {
  phase: "opening",
  current: undefined,
  draft: undefined,
  waiting: 0,
  canUndo: false,
  done: 0,
  offline: false,
  refusal: undefined,
};

const never = (): (() => void) => () => undefined;

/**
 * A person's annotation work while the page is open: leases are renewed, the next tasks are claimed ahead, drafts and unsent
 * judgements survive a crash. `desk` is undefined until its storage is open.
 * @param userId whose drafts these are, where several people share a browser
 */
export function useAnnotationDesk(
  { agentId, exampleType, kind, queueId }: DeskFilter = {},
  userId = "me",
): { desk: Desk | undefined; state: DeskState } {
  const client = useLearningClient();
  const queries = useLearningQueryClient();
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    let opened: Desk | undefined;
    let isLeft = false;
    const close = (): void => opened?.close();
    void openDeskStorage(userId, kind ?? "annotation").then((storage) => {
      if (isLeft) return storage.release();
      opened = createDesk({ api: createDeskApi(client, { agentId, exampleType, kind, queueId }), storage });
      return setDesk(opened);
    });
    addEventListener("pagehide", close);
    return () => {
      isLeft = true;
      removeEventListener("pagehide", close);
      close();
      setDesk(undefined);
      void queries.invalidateQueries({ queryKey: [QUERY_ROOT, "annotations"] });
      void queries.invalidateQueries({ queryKey: [QUERY_ROOT, "stats"] });
    };
  }, [client, queries, userId, agentId, exampleType, kind, queueId]);
  const state = useSyncExternalStore(
    desk?.subscribe ?? never,
    desk?.getState ?? (() => CLOSED),
    () => CLOSED,
  );
  return { desk, state };
}
