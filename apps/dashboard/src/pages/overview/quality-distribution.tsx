import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { LearningStats } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { Histogram } from "../../components/histogram.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { count } from "../../format/numbers.ts";

const ENOUGH = 0.7;

/** Examples by quality score; below the guide's 0.7 none enters training. */
export function QualityDistribution({ stats }: { stats: LearningStats | undefined }): JSX.Element {
  const bins = stats?.learning.qualityDistribution ?? [];
  const good = bins.filter((_bin, index) => index / 10 >= ENOUGH - 1e-9).reduce((sum, bin) => sum + bin, 0);
  const all = bins.reduce((sum, bin) => sum + bin, 0);
  return (
    <Card
      title="Quality of examples"
      aside={
        <Link to="/examples" className="small">
          All examples
        </Link>
      }
    >
      {stats === undefined ? (
        <Skeleton height={176} />
      ) : (
        <div className="stack-tight">
          <p className="soft">
            {all === 0 ? (
              "No example has been scored yet."
            ) : (
              <>
                <Link to="/examples" search={{ review: "approved" }}>
                  {count(good)} of {count(all)} scored examples
                </Link>{" "}
                reach the 0.7 that training asks for.
              </>
            )}
          </p>
          <Histogram
            label="Examples by quality score"
            bins={bins.map((value, index) => ({
              name: (index / 10).toFixed(1),
              value,
              muted: index / 10 < ENOUGH - 1e-9,
            }))}
          />
        </div>
      )}
    </Card>
  );
}
