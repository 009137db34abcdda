import { useCreateQueue, useUpdateQueue } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent, AnnotationQueue } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { toast } from "../../components/toast.tsx";
import { draftOf, filterOf, NEW_QUEUE } from "./queue-draft.ts";
import { QueueFields } from "./queue-fields.tsx";

/** A new queue of an agent. */
export function QueueDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateQueue();
  const [draft, setDraft] = useState(NEW_QUEUE);
  const submit = (): void =>
    create.mutate(
      {
        agentId: agent.slug,
        name: draft.name,
        filter: filterOf(draft),
        overlap: Number(draft.overlap),
        ordering: draft.ordering,
        goldShare: Number(draft.goldShare) / 100,
        guidelines: draft.guidelines.trim() === "" ? undefined : draft.guidelines,
      },
      { onSuccess: ({ id }) => void navigate({ to: "/queues/$queueId", params: { queueId: id } }) },
    );
  return (
    <FormDialog
      title="New queue"
      verb="Make it"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <QueueFields draft={draft} isNew onChange={setDraft} />
    </FormDialog>
  );
}

/** Changes a queue for what comes from now on; refused when somebody else changed it meanwhile. */
export function ChangeQueueDialog({
  queue,
  onClose,
}: {
  queue: AnnotationQueue;
  onClose: () => void;
}): JSX.Element {
  const update = useUpdateQueue();
  const [draft, setDraft] = useState(() => draftOf(queue));
  const submit = (): void =>
    update.mutate(
      {
        queueId: queue.id,
        version: queue.version,
        name: draft.name,
        filter: filterOf(draft, queue.filter),
        overlap: Number(draft.overlap),
        goldShare: Number(draft.goldShare) / 100,
        guidelines: draft.guidelines.trim() === "" ? null : draft.guidelines,
        isActive: draft.isActive,
      },
      {
        onSuccess: () => {
          onClose();
          toast("The queue is changed, for what comes from now on.");
        },
      },
    );
  return (
    <FormDialog
      title="Change the queue"
      verb="Save"
      busy={update.isPending}
      error={update.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <QueueFields draft={draft} isNew={false} onChange={setDraft} />
    </FormDialog>
  );
}
