import type { JSX } from "react";
import type { RetrievalReport } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { Table } from "../../components/table.tsx";
import { count, percent, plural } from "../../format/numbers.ts";

type Chunking = NonNullable<RetrievalReport["chunking"]>;
type Document = Chunking["documents"][number];

const cutOf = (cut: { size: number; overlap: number; shown: number } | null): string =>
  cut === null ? "–" : `${cut.shown} of ${cut.size}, ${cut.overlap}`;

/** How documents were cut and would be: for all and for groups, and drawn for those that people ask about most. */
export function ChunkingMap({ chunking }: { chunking: Chunking }): JSX.Element {
  const { cuts, chunks, documents } = chunking;
  return (
    <>
      <Card title="How documents are cut">
        <div className="stack">
          <Table
            label="How documents are cut, by group"
            head={["Group", "Documents", "Questions", "Was", "Best", "Recall", "IoU", "Verdict"]}
            rows={cuts.map((cut) => ({
              key: cut.group ?? "",
              cells: [
                cut.group ?? "All documents",
                count(cut.documents),
                count(cut.questions),
                cutOf(cut.was),
                cutOf(cut.settings),
                `${percent(cut.before.recall)} → ${percent(cut.after.recall)}`,
                `${percent(cut.before.iou)} → ${percent(cut.after.iou)}`,
                cut.verdict === "change" ? (
                  <Badge key="v" tone="good">
                    Change
                  </Badge>
                ) : (
                  <Badge key="v" tone="neutral">
                    Keep
                  </Badge>
                ),
              ],
            }))}
          />
          <p className="small faint">
            Cuts: chunks shown, of words each, words repeated. Recall: share of the answers that the chunks
            hold. IoU: what answers and chunks have in common, over both. Measured on questions that the
            choice did not see.
            {chunks === null ? "" : ` ${count(chunks.before)} chunks become ${count(chunks.after)}.`}
          </p>
        </div>
      </Card>
      {documents.length === 0 ? null : (
        <Card title="Chunking map: the documents that people ask about most">
          <ul className="stack">
            {documents.map((document) => (
              <DocumentMap key={document.documentId} document={document} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function DocumentMap({ document }: { document: Document }): JSX.Element {
  const { documentId, title, length, passages, before, after } = document;
  return (
    <li className="stack-tight">
      <p className="strong clip-words" dir="auto">
        {title ?? documentId}
      </p>
      <Strip label="Before" length={length} chunks={before} passages={passages} />
      <Strip label="After" length={length} chunks={after} passages={passages} />
    </li>
  );
}

/** A document from its first character to its last; every other chunk is darker, and answers are marked below. */
function Strip({
  label,
  length,
  chunks,
  passages,
}: {
  label: string;
  length: number;
  chunks: readonly (readonly [number, number])[];
  passages: readonly (readonly [number, number])[];
}): JSX.Element {
  const x = (value: number): number => (value / Math.max(1, length)) * 1_000;
  const cutting = passages.filter(
    ([start, end]) => !chunks.some((chunk) => chunk[0] <= start && chunk[1] >= end),
  ).length;
  const answers = plural(passages.length, "answer");
  const sentence = `${plural(chunks.length, "chunk")}; ${cutting === 0 ? "none" : count(cutting)} of ${answers} cut`;
  return (
    <div className="chunk-strip">
      <span className="small faint">{label}</span>
      <svg viewBox="0 0 1000 30" preserveAspectRatio="none" role="img" aria-label={`${label}: ${sentence}`}>
        {chunks.map(([start, end], index) => (
          <rect
            key={`${start} ${end}`}
            className={index % 2 === 0 ? "chunk-even" : "chunk-odd"}
            x={x(start)}
            y={index % 2 === 0 ? 0 : 4}
            width={Math.max(1, x(end) - x(start) - 1)}
            height={14}
          />
        ))}
        {passages.map(([start, end], index) => (
          <rect
            key={`${start} ${end} ${index}`}
            className="chunk-answer"
            x={x(start)}
            y={22}
            width={Math.max(3, x(end) - x(start))}
            height={6}
          />
        ))}
      </svg>
      <span className="small soft">{sentence}</span>
    </div>
  );
}
