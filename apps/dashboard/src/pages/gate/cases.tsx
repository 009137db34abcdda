import { type JSX, useState } from "react";
import type { EvaluatedCase } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { TextBlock } from "../../components/text-block.tsx";
import { TextDiff } from "../../components/text-diff.tsx";
import { count, NOTHING, percent } from "../../format/numbers.ts";
import { humanise, type Tone } from "../../format/words.ts";
import "./gate.css";

const TONES: Record<EvaluatedCase["status"], Tone> = {
  passed: "good",
  broken: "bad",
  failed: "bad",
  still_failing: "warn",
  quarantined: "neutral",
  not_judged: "neutral",
};
const ORDER = Object.keys({
  broken: 0,
  failed: 0,
  still_failing: 0,
  not_judged: 0,
  quarantined: 0,
  passed: 0,
} satisfies Record<EvaluatedCase["status"], 0>);
const SHOWN = 20;

/** Each case with what was expected and what was answered, the worst first. */
export function Cases({ cases }: { cases: readonly EvaluatedCase[] }): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  if (cases.length === 0) return <p className="soft">None.</p>;
  const sorted = cases.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return (
    <div className="stack">
      <ul className="case-list">
        {sorted.slice(0, shown).map((one) => (
          <Case key={one.caseId} one={one} />
        ))}
      </ul>
      {sorted.length > shown ? (
        <Button onClick={() => setShown(shown + 100)}>
          Show more: {count(sorted.length - shown)} are left
        </Button>
      ) : null}
    </div>
  );
}

function Case({ one }: { one: EvaluatedCase }): JSX.Element {
  const { status, slices, isPinned, evaluator, expectedOutput, output, reason } = one;
  return (
    <li>
      <details>
        <summary>
          <Badge tone={TONES[status]}>{humanise(status)}</Badge>
          {isPinned ? <Badge tone="neutral">Pinned</Badge> : null}
          <span className="clip grow">{output ?? expectedOutput}</span>
          <span className="small faint clip case-slices">{slices.join(", ")}</span>
        </summary>
        <div className="stack-tight case-body">
          {reason === null ? null : <p>{reason}</p>}
          {output === null ? (
            <TextBlock text={expectedOutput} />
          ) : evaluator === "differs" ? (
            <>
              <p className="small faint">It must not answer</p>
              <TextBlock text={expectedOutput} />
              <p className="small faint">It answered</p>
              <TextBlock text={output} />
            </>
          ) : (
            <>
              <p className="small faint">Expected, against what it answered</p>
              <TextDiff before={expectedOutput} after={output} />
            </>
          )}
          <p className="small faint">
            Judged by {humanise(evaluator).toLowerCase()}. Passed {percent(one.candidateShare, 0)} of{" "}
            {count(one.candidateAttempts)} attempts
            {one.baselineShare === null
              ? ""
              : `, the baseline ${percent(one.baselineShare, 0)} of ${count(one.baselineAttempts)}`}
            ; flakiness {one.flakiness === null ? NOTHING : percent(one.flakiness, 0)}.
          </p>
        </div>
      </details>
    </li>
  );
}
