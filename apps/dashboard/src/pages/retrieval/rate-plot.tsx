import type { JSX } from "react";
import { describeRate, KIND_WORDS, type SpotCheckRate } from "./describe-retrieval.ts";

/** Error rates with their intervals on one scale from none to all. */
export function RatePlot({ rates }: { rates: readonly SpotCheckRate[] }): JSX.Element {
  return (
    <ul className="rate-plot">
      {rates.map((rate) => {
        const [name, why] = KIND_WORDS[rate.kind];
        return (
          <li key={rate.kind}>
            <p>
              <span className="strong">{name}</span> <span className="small faint">{why}</span>
            </p>
            <div className="rate-track" aria-hidden="true">
              {rate.interval === null || rate.errorRate === null ? null : (
                <>
                  <span
                    className="rate-bar"
                    style={{
                      left: `${rate.interval[0] * 100}%`,
                      width: `${(rate.interval[1] - rate.interval[0]) * 100}%`,
                    }}
                  />
                  <span className="rate-dot" style={{ left: `${rate.errorRate * 100}%` }} />
                </>
              )}
            </div>
            <p className="small soft">{describeRate(rate)}</p>
          </li>
        );
      })}
    </ul>
  );
}
