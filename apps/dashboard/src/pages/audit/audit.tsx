import { useAudit, useAuditVerification } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { AuditRecord } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filters, RowCount } from "../../components/filters.tsx";
import { Page } from "../../components/page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type Column, RowTable } from "../../components/row-table.tsx";
import { count } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { RecordDialog } from "./record-dialog.tsx";

const route = getRouteApi("/audit");
const ACTORS = { user: "Person", machine: "Machine", system: "System" } as const;

/** Everything that was changed, by whom, in an unbroken chain. */
export function Audit(): JSX.Element {
  const { entity, id } = route.useSearch();
  const navigate = route.useNavigate();
  const [shown, setShown] = useState<AuditRecord>();
  const list = useAudit({ entityType: entity, entityId: id, limit: 200 });
  const columns: readonly Column<AuditRecord>[] = [
    { title: "No.", width: "64px", wideOnly: true, render: (row) => count(row.sequence) },
    {
      title: "What",
      width: "minmax(0, 2fr)",
      render: (row) => (
        <button type="button" className="link-button" onClick={() => setShown(row)}>
          {humanise(row.action.replace(".", " "))}
        </button>
      ),
    },
    { title: "Of", width: "minmax(0, 1fr)", wideOnly: true, render: (row) => humanise(row.entityType) },
    {
      title: "Id",
      width: "110px",
      wideOnly: true,
      render: (row) => <CopyableId id={row.entityId} label={row.entityType} />,
    },
    { title: "By", width: "80px", wideOnly: true, render: (row) => ACTORS[row.actorKind] },
    { title: "When", width: "96px", align: "end", render: (row) => <RelativeTime time={row.createdAt} /> },
  ];
  return (
    <Page
      title="Audit"
      lead="Every change, by whom, in a chain of hashes: whoever alters a record breaks every one after it."
      actions={<Verification />}
    >
      <Card flush>
        <Filters note={<RowCount rows={list.data?.length} more={list.hasNextPage} />}>
          {entity === undefined && id === undefined ? (
            <span className="small faint">
              Open a record to see what changed, or to follow one thing only.
            </span>
          ) : (
            <>
              <span className="small">
                Only {entity === undefined ? "" : humanise(entity).toLowerCase()}{" "}
                {id === undefined ? "" : <CopyableId id={id} />}
              </span>
              <Button
                kind="quiet"
                onClick={() =>
                  void navigate({ search: (before) => ({ ...before, entity: undefined, id: undefined }) })
                }
              >
                Show everything
              </Button>
            </>
          )}
        </Filters>
        <RowTable
          label="Audit log"
          list={list}
          columns={columns}
          rowKey={({ sequence }) => String(sequence)}
          empty={
            <EmptyState title="Nothing was changed yet">
              Each change of an agent, an example, a dataset or a release leaves a record here.
            </EmptyState>
          }
        />
      </Card>
      {shown === undefined ? null : (
        <RecordDialog
          record={shown}
          onClose={() => setShown(undefined)}
          onFollow={() => {
            setShown(undefined);
            void navigate({
              search: (before) => ({ ...before, entity: shown.entityType, id: shown.entityId }),
            });
          }}
        />
      )}
    </Page>
  );
}

function Verification(): JSX.Element {
  const [asked, setAsked] = useState(false);
  const { data, isFetching } = useAuditVerification({ enabled: asked });
  return (
    <span className="row">
      {data === undefined ? null : data.intact ? (
        <Badge tone="good">{count(data.records)} records, unbroken</Badge>
      ) : (
        <Badge tone="bad">Broken at {data.brokenAt}</Badge>
      )}
      <Button busy={isFetching} onClick={() => setAsked(true)}>
        Verify the chain
      </Button>
    </span>
  );
}
