import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import type { AnnotationQueue, QueueProgress } from "../../api/types.ts";
import { Meter } from "../../components/meter.tsx";
import { Table } from "../../components/table.tsx";
import { count, decimal, NOTHING, percent, plural } from "../../format/numbers.ts";
import { paceOf } from "./describe-queue.ts";

/** What each person did, how fast, and what they hold now. */
export function QueuePeople({
  queue,
  progress,
}: {
  queue: AnnotationQueue;
  progress: QueueProgress;
}): JSX.Element {
  const agent = useAgentSlug(queue.agentId);
  const { people, days } = progress;
  const most = Math.max(1, ...people.map(({ annotations }) => annotations));
  if (people.length === 0)
    return (
      <p className="soft">
        Nobody has annotated here in {plural(days, "day")}. Annotators choose the queue on the{" "}
        <Link to="/admin/learning/annotation" search={{ queue: queue.id, agent }}>
          annotation page
        </Link>
        ; members are added under <Link to="/members">members and roles</Link>.
      </p>
    );
  return (
    <Table
      label={`What each person did in ${plural(days, "day")}`}
      head={["Person", "Annotations", "On a day of work", "Approved", "Time each", "Holds now"]}
      rows={people.map((person) => {
        const name = person.displayName ?? "Unnamed";
        return {
          key: person.userId,
          cells: [
            <span key="name" className="queue-person">
              {name}
              <Meter
                value={person.annotations / most}
                label={`Annotations of ${name}, of the most that somebody gave`}
              />
            </span>,
            <Link
              key="annotations"
              to="/annotations"
              search={{ queue: queue.id, expert: person.userId, days, agent }}
            >
              {count(person.annotations)}
            </Link>,
            person.annotations === 0 ? NOTHING : decimal(person.annotationsPerDay, 1),
            person.annotations === 0 ? NOTHING : percent(person.approvedShare, 0),
            paceOf(person.medianSeconds),
            count(person.claimed),
          ],
        };
      })}
    />
  );
}
