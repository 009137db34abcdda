import type { JSX } from "react";
import type { AuditRecord } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { NOTHING } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";

interface RecordDialogProps {
  record: AuditRecord;
  onClose: () => void;
  onFollow: () => void;
}

/** One record whole. */
export function RecordDialog({ record, onClose, onFollow }: RecordDialogProps): JSX.Element {
  return (
    <Dialog
      title={humanise(record.action.replace(".", " "))}
      onClose={onClose}
      actions={<Button onClick={onFollow}>Only this {humanise(record.entityType).toLowerCase()}</Button>}
    >
      <Facts
        facts={[
          ["When", <RelativeTime key="when" time={record.createdAt} />],
          [
            "By",
            record.actorId === null ? (
              record.actorKind
            ) : (
              <CopyableId key="by" id={record.actorId} label={record.actorKind} />
            ),
          ],
          [
            humanise(record.entityType),
            <CopyableId key="entity" id={record.entityId} label={record.entityType} />,
          ],
          ["Hash", record.hash === "" ? NOTHING : <CopyableId key="hash" id={record.hash} label="hash" />],
        ]}
      />
      <pre className="text-block">{JSON.stringify(record.data, null, 2)}</pre>
    </Dialog>
  );
}
