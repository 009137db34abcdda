import type { JSX } from "react";
import type { RetrievalReport } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { Table } from "../../components/table.tsx";
import { count, decimal, signed } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";

type Gate = NonNullable<RetrievalReport["gate"]>;

const SLICE_WORDS: Readonly<Record<string, string>> = { warm: "Known topics", cold: "New topics" };

/** nDCG@10 of later queries, all together and by slices that may not fall. */
export function Slices({ gate }: { gate: Gate }): JSX.Element {
  const [before, after] = [gate.baseline["ndcg10"] ?? 0, gate.candidate["ndcg10"] ?? 0];
  const row = (name: string, queries: number, baseline: number, candidate: number, verdict: JSX.Element) => ({
    key: name,
    cells: [
      name,
      count(queries),
      decimal(baseline, 3),
      decimal(candidate, 3),
      signed(candidate - baseline, 3),
      verdict,
    ],
  });
  return (
    <Card
      title="Later queries that nothing was learned from"
      aside={
        <Badge tone={gate.verdict === "promote" ? "good" : "neutral"}>
          {gate.verdict === "promote" ? "Better" : "Keep the old order"}
        </Badge>
      }
    >
      <div className="stack">
        <Table
          label="nDCG@10 by slice"
          head={["Queries", "n", "Before", "After", "Difference", "Guarded"]}
          rows={[
            row("All", gate.queries, before, after, <span key="p">p = {gate.pValue.toFixed(4)}</span>),
            ...gate.slices.map(({ slice, queries, baseline, candidate, guarded, worse }) =>
              row(
                SLICE_WORDS[slice] ?? humanise(slice),
                queries,
                baseline,
                candidate,
                worse ? (
                  <Badge key="w" tone="bad">
                    Worse
                  </Badge>
                ) : guarded ? (
                  <Badge key="h" tone="good">
                    Holds
                  </Badge>
                ) : (
                  <span key="f" className="faint">
                    Too few
                  </span>
                ),
              ),
            ),
          ]}
        />
        <p className="small faint">
          nDCG@10: 1 when every relevant chunk comes first. A guarded slice may lose 0.01 at most.
        </p>
      </div>
    </Card>
  );
}
