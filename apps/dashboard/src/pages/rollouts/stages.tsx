import type { JSX } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { useTick } from "../../components/relative-time.tsx";
import { percent } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import { stageRemaining } from "./describe-rollout.ts";
import "./stages.css";

const HOUR = 3_600_000;
type State = "done" | "now" | "failed" | "ahead";
const WORDS: Record<State, string> = { done: "passed", now: "now", failed: "stopped here", ahead: "ahead" };
const SIGNS: Record<State, string> = { done: "✓", now: "●", failed: "✕", ahead: "○" };

function stateOf(rollout: RolloutDetails, index: number): State {
  if (rollout.status === "completed" || index < rollout.stage) return "done";
  if (index > rollout.stage || rollout.status === "pending") return "ahead";
  return rollout.status === "rolled_back" || rollout.status === "aborted" ? "failed" : "now";
}

/** The stages in order, with how much of the present one is over. */
export function Stages({ rollout }: { rollout: RolloutDetails }): JSX.Element {
  useTick();
  const left = stageRemaining(rollout);
  return (
    <Card title="Stages">
      <ol className="stages">
        {rollout.stages.map(({ share, hours }, index) => {
          const state = stateOf(rollout, index);
          return (
            <li
              key={share}
              className={`stage stage-${state}`}
              aria-current={state === "now" ? "step" : undefined}
            >
              <p className="stage-share">{percent(share, 0)}</p>
              <p className="small soft">
                <span aria-hidden="true">{SIGNS[state]} </span>
                {WORDS[state]}
                {hours === 0 ? "" : `, ${duration(hours * HOUR)} at least`}
              </p>
              {state === "now" && left !== undefined ? (
                <>
                  <Meter value={1 - left / (hours * HOUR)} label="Time of the stage that is over" />
                  <p className="small">{left > 0 ? `${duration(left)} to go` : "Time is over"}</p>
                </>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
