import { useDecideSuspicion } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { ContributionSuspicion } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { Facts } from "../../components/facts.tsx";
import { ReasonDialog } from "../../components/reason-dialog.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { carryOut } from "../../components/carry-out.ts";
import { toast } from "../../components/toast.tsx";
import { count, plural } from "../../format/numbers.ts";
import type { Tone } from "../../format/words.ts";
import { DETECTOR_WORDS } from "./detector-words.ts";

type Decision = "released" | "confirmed";

const WORDS: Record<ContributionSuspicion["status"], string> = {
  open: "Held back",
  released: "Released",
  confirmed: "Upheld",
};
const TONES: Record<ContributionSuspicion["status"], Tone> = {
  open: "warn",
  released: "good",
  confirmed: "bad",
};
const QUESTIONS: Record<Decision, { title: string; verb: string; says: string; done: string }> = {
  released: {
    title: "Release what is held back?",
    verb: "Release",
    says: "They are honest: the examples go back to annotation and may be learned from.",
    done: "Released: they may be learned from.",
  },
  confirmed: {
    title: "Uphold the suspicion?",
    verb: "Uphold",
    says: "They are not honest: nothing is ever learned from these examples.",
    done: "Upheld: nothing is learned from them.",
  },
};
const SHOWN = 8;

/** What was found, the rows that it was found in, and the two answers. */
export function Suspicion({ suspicion }: { suspicion: ContributionSuspicion }): JSX.Element {
  const decide = useDecideSuspicion();
  const [asked, setAsked] = useState<Decision>();
  const [all, setAll] = useState(false);
  const { status, exampleIds, contributorIds, detector, sentence } = suspicion;
  const shown = all ? exampleIds : exampleIds.slice(0, SHOWN);
  return (
    <Card
      title={DETECTOR_WORDS[detector]}
      aside={
        <span className="row">
          <Badge tone={TONES[status]}>{WORDS[status]}</Badge>
          <span className="small faint">
            <RelativeTime time={suspicion.decidedAt ?? suspicion.createdAt} />
          </span>
        </span>
      }
    >
      <div className="stack">
        <p className="page-lead">{sentence}</p>
        <Facts
          facts={[
            [
              plural(exampleIds.length, "example"),
              <span key="examples" className="row">
                {shown.map((id, index) => (
                  <Link key={id} to="/examples/$exampleId" params={{ exampleId: id }}>
                    row {index + 1}
                  </Link>
                ))}
                {exampleIds.length > shown.length ? (
                  <button type="button" className="link-button" onClick={() => setAll(true)}>
                    and {count(exampleIds.length - shown.length)} more
                  </button>
                ) : null}
              </span>,
            ],
            [
              plural(contributorIds.length, "contributor"),
              <span key="people" className="row">
                {contributorIds.slice(0, SHOWN).map((id) => (
                  <CopyableId key={id} id={id} label="contributor" />
                ))}
                {contributorIds.length > SHOWN ? `and ${count(contributorIds.length - SHOWN)} more` : null}
              </span>,
            ],
            ["By chance, from honest people", chance(suspicion.lnPValue)],
            suspicion.notes === null ? undefined : ["Decided because", suspicion.notes],
          ]}
        />
        {status !== "open" ? null : (
          <div className="row">
            <Button onClick={() => setAsked("released")}>They are honest: release</Button>
            <Button kind="danger" onClick={() => setAsked("confirmed")}>
              They are not: uphold
            </Button>
          </div>
        )}
      </div>
      {asked === undefined ? null : (
        <ReasonDialog
          title={QUESTIONS[asked].title}
          verb={QUESTIONS[asked].verb}
          danger={asked === "confirmed"}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setAsked(undefined)}
          onConfirm={(notes) =>
            carryOut(decide.mutateAsync({ suspicionId: suspicion.id, decision: asked, notes }), () =>
              toast(QUESTIONS[asked].done),
            )
          }
        >
          <p>{QUESTIONS[asked].says}</p>
        </ReasonDialog>
      )}
    </Card>
  );
}

/** A probability as `1 in 12,000`. */
function chance(lnPValue: number): string {
  const odds = Math.exp(-lnPValue);
  return odds < 1e9 ? `1 in ${count(Math.max(1, Math.round(odds)))}` : "Less than 1 in a billion";
}
