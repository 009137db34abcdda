import type { JSX } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { EvidenceMeter } from "../../components/evidence-meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { metricWord } from "../../format/words.ts";
import { GuardrailRows } from "./guardrail-rows.tsx";

/** What broke, by how much, and the rows that it was seen in. */
export function WhyRolledBack({ rollout }: { rollout: RolloutDetails }): JSX.Element {
  const broken = rollout.why?.guardrails.find(({ status }) => status === "breached");
  return (
    <Card
      title="Why was this rolled back?"
      aside={
        <span className="small faint">
          <RelativeTime time={rollout.endedAt} />
        </span>
      }
    >
      <div className="stack">
        <p className="page-lead">{rollout.rollbackReason ?? "No reason was kept."}</p>
        {broken === undefined ? null : (
          <>
            <EvidenceMeter
              label={`Evidence in ${metricWord(broken.name).toLowerCase()} when it was rolled back`}
              evidence={broken.lnEvidence}
              threshold={broken.lnThreshold}
            />
            <GuardrailRows rollout={rollout} guardrail={broken.name} open />
          </>
        )}
      </div>
    </Card>
  );
}
