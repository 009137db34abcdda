import type { JSX } from "react";
import "./evidence-meter.css";

interface EvidenceMeterProps {
  label: string;
  /** ln E; at or below 0 there is none. */
  evidence: number;
  /** ln E at which it is enough. */
  threshold: number;
}

/** Room beyond the boundary, so that what crossed it is seen to have crossed it. */
const ROOM = 1.25;

function times(value: number): string {
  const odds = Math.exp(value);
  return odds < 10 ? odds.toFixed(1) : Math.round(odds).toLocaleString("en");
}

/** How much speaks against something, beside the boundary at which it is acted on. */
export function EvidenceMeter({ label, evidence, threshold }: EvidenceMeterProps): JSX.Element {
  const reach = threshold * ROOM;
  const share = Math.max(0, Math.min(1, evidence / reach));
  const crossed = evidence >= threshold;
  return (
    <div className="evidence">
      <div
        className="evidence-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Number(reach.toFixed(2))}
        aria-valuenow={Number(Math.max(0, Math.min(reach, evidence)).toFixed(2))}
        aria-valuetext={`${times(Math.max(0, evidence))} times as likely; acted on at ${times(threshold)}`}
      >
        <div
          className={crossed ? "evidence-bar crossed" : "evidence-bar"}
          style={{ width: `${share * 100}%` }}
        />
        <div className="evidence-boundary" style={{ left: `${(1 / ROOM) * 100}%` }} />
      </div>
      <p className="small faint evidence-words">
        <span>Evidence ×{times(Math.max(0, evidence))}</span>
        <span style={{ width: `${(1 - 1 / ROOM) * 200}%` }}>boundary ×{times(threshold)}</span>
      </p>
    </div>
  );
}
