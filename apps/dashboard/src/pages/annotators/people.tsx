import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { AnnotatorTrustReport } from "../../api/types.ts";
import { EstimatePlot } from "../../components/estimate-plot.tsx";
import { Table } from "../../components/table.tsx";
import { count, decimal, NOTHING, percent, plural } from "../../format/numbers.ts";

/** Each person's agreement with known answers as a picture, and what their word counts as rows. */
export function People({
  report,
  agentSlug,
}: {
  report: AnnotatorTrustReport;
  agentSlug: string;
}): JSX.Element {
  const { people, panelAnnotations } = report;
  if (people.length === 0)
    return (
      <p className="soft">
        Nobody has annotated for this agent. Annotators begin on the{" "}
        <Link to="/admin/learning/annotation">annotation page</Link>; members are added under{" "}
        <Link to="/members">members and roles</Link>.
      </p>
    );
  const named = nameAll(people);
  return (
    <div className="stack">
      <EstimatePlot
        label="Agreement with known answers, by person"
        range={[0, 1]}
        format={(value) => percent(value, 0)}
        rows={named.map(({ name, person }) => ({
          name,
          estimate: person.agreement,
          interval: person.agreementInterval,
          note: plural(person.goldAgreed + person.goldDisagreed, "known answer"),
        }))}
      />
      <Table
        label="What each person’s word counts"
        head={["Person", "Annotations", "Counts", "Known answers met", "Missed", "Right by the panel"]}
        rows={named.map(({ name, person }) => ({
          key: person.userId,
          cells: [
            name,
            <Link key="rows" to="/annotations" search={{ expert: person.userId, agent: agentSlug }}>
              Theirs
            </Link>,
            `${decimal(person.weight)} ×`,
            count(person.goldAgreed),
            count(person.goldDisagreed),
            person.panelAccuracy === null
              ? NOTHING
              : `${percent(person.panelAccuracy, 0)} of ${count(person.panelAnnotations)}`,
          ],
        }))}
      />
      <p className="small faint">
        A newcomer counts once. Who meets known answers counts up to twice, who keeps missing them next to
        nothing, and does not settle an example alone. The panel compares people with each other, from{" "}
        {plural(panelAnnotations, "annotation")} of examples that several judged (Dawid and Skene).
      </p>
    </div>
  );
}

type Person = AnnotatorTrustReport["people"][number];

/** Two of one name are told apart. */
function nameAll(people: readonly Person[]): { name: string; person: Person }[] {
  return people.map((person) => {
    const name = person.displayName ?? "Unnamed";
    const isShared = people.some((other) => other !== person && (other.displayName ?? "Unnamed") === name);
    return { name: isShared ? `${name} …${person.userId.slice(-4)}` : name, person };
  });
}
