import { useSuspicions } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Agent, ContributionSuspicion } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { count, plural } from "../../format/numbers.ts";
import { DETECTOR_WORDS } from "../suspicions/detector-words.ts";

const LOOKED_AT = 100;

/** What end users sent that looks planted, by what found it. */
export function HeldBack({ agent }: { agent: Agent }): JSX.Element {
  const list = useSuspicions({ agentId: agent.slug, status: "open", limit: LOOKED_AT });
  const { data } = list;
  return (
    <Card
      title="Held back from end users"
      aside={
        <Link to="/suspicions" className="small">
          All suspicions
        </Link>
      }
    >
      {data === undefined ? (
        <SkeletonText lines={4} />
      ) : data.length === 0 ? (
        <p className="soft">
          Nothing. Floods, contradictions of verified examples, people who act in concert and corrections that
          are sent again and again are looked for whenever a dataset is built; a reviewer then decides.
        </p>
      ) : (
        <div className="stack">
          <p className="soft">
            {plural(examplesIn(data), "example waits", "examples wait")} for a decision
            {list.hasNextPage ? `, in the newest ${LOOKED_AT} suspicions` : ""}.
          </p>
          <ul className="stack">
            {byDetector(data).map(({ detector, suspicions, examples }) => (
              <li key={detector}>
                <div className="row-apart">
                  <Link to="/suspicions" search={{ detector }}>
                    {DETECTOR_WORDS[detector]}
                  </Link>
                  <span className="small faint">
                    {plural(suspicions, "suspicion")}, {plural(examples, "example")}
                  </span>
                </div>
                <Meter
                  value={examples / examplesIn(data)}
                  label={`${DETECTOR_WORDS[detector]}: ${count(examples)} of ${count(examplesIn(data))} examples`}
                  tone="warn"
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

type Detector = ContributionSuspicion["detector"];

function examplesIn(suspicions: readonly ContributionSuspicion[]): number {
  return new Set(suspicions.flatMap(({ exampleIds }) => exampleIds)).size;
}

function byDetector(
  suspicions: readonly ContributionSuspicion[],
): { detector: Detector; suspicions: number; examples: number }[] {
  return (Object.keys(DETECTOR_WORDS) as Detector[])
    .map((detector) => {
      const own = suspicions.filter((one) => one.detector === detector);
      return { detector, suspicions: own.length, examples: examplesIn(own) };
    })
    .filter((one) => one.suspicions > 0);
}
