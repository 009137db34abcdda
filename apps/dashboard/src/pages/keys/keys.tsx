import { useApiKeys, useMembers, useRevokeApiKey } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { ApiKey } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { Page } from "../../components/page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { toast } from "../../components/toast.tsx";
import { plural } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { serverNow } from "../../session/server-clock.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KEY_KINDS } from "./key-kinds.ts";

/** Who may call the server. */
export function Keys(): JSX.Element {
  const may = useMay("admin");
  return may ? (
    <List />
  ) : (
    <Page title="API keys" lead="Admins make keys, for people and for machines.">
      <Card>
        <EmptyState title="Ask an admin">
          A key of your own is what you signed in with; an admin can make you another, or revoke one that was
          lost.
        </EmptyState>
      </Card>
    </Page>
  );
}

function stateOf(key: ApiKey): JSX.Element {
  if (key.revokedAt !== null) return <Badge tone="bad">Revoked</Badge>;
  if (key.expiresAt !== null && new Date(key.expiresAt).getTime() < serverNow())
    return <Badge tone="neutral">Expired</Badge>;
  return <Badge tone="good">Works</Badge>;
}

function List(): JSX.Element {
  const list = useApiKeys({ limit: 200 });
  const members = useMembers({ limit: 200 });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  useShortcuts("API keys", [{ keys: "c", label: "New key", run: () => setCreating(true) }]);
  const ownerOf = (userId: string | null): string =>
    members.data?.find((one) => one.userId === userId)?.displayName ?? "";
  const columns: readonly Column<ApiKey>[] = [
    { title: "Name", width: "minmax(0, 2fr)", render: (row) => row.name },
    {
      title: "Key",
      width: "150px",
      wideOnly: true,
      render: (row) => <span className="code small">{row.displayPrefix}…</span>,
    },
    {
      title: "Kind",
      width: "minmax(0, 200px)",
      wideOnly: true,
      render: (row) =>
        row.kind === "user" ? `${KEY_KINDS.user}: ${ownerOf(row.userId)}` : KEY_KINDS[row.kind],
    },
    { title: "State", width: "96px", render: stateOf },
    {
      title: "Last used",
      width: "96px",
      align: "end",
      wideOnly: true,
      render: (row) => <RelativeTime time={row.lastUsedAt} />,
    },
    {
      title: "Ends",
      width: "96px",
      align: "end",
      wideOnly: true,
      render: (row) => <RelativeTime time={row.expiresAt} />,
    },
    {
      title: "Revoke",
      width: "80px",
      align: "end",
      render: (row) =>
        row.revokedAt === null ? (
          <Button kind="quiet" aria-label={`Revoke ${row.name}`} onClick={() => setRevoking(row)}>
            Revoke
          </Button>
        ) : null,
    },
  ];
  const working = list.data?.filter((one) => one.revokedAt === null).length ?? 0;
  return (
    <ListPage
      title="API keys"
      lead={
        list.data === undefined
          ? " "
          : `${plural(working, "key is", "keys are")} in use. A key is shown once, when it is made; only its hash is kept.`
      }
      actions={
        <Button kind="primary" hint="c" onClick={() => setCreating(true)}>
          New key
        </Button>
      }
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      empty={<EmptyState title="No key">Make one, and put it into the agent’s environment.</EmptyState>}
    >
      {creating ? <CreateKeyDialog members={members.data ?? []} onClose={() => setCreating(false)} /> : null}
      {revoking === undefined ? null : (
        <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
      )}
    </ListPage>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }): JSX.Element {
  const revoke = useRevokeApiKey();
  return (
    <Dialog
      title={`Revoke ${apiKey.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            busy={revoke.isPending}
            onClick={() =>
              revoke.mutate(
                { keyId: apiKey.id },
                {
                  onSuccess: () => {
                    onClose();
                    toast("Revoked: whoever uses it is refused from now on.");
                  },
                },
              )
            }
          >
            Revoke
          </Button>
        </>
      }
    >
      <p>
        Whoever sends <code>{apiKey.displayPrefix}…</code> is refused at once. This cannot be undone; what was
        done with it stays.
      </p>
      {revoke.error === null ? null : <ErrorNote error={revoke.error} />}
    </Dialog>
  );
}
