import type { JSX } from "react";
import type { RetrievalReport } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { plural } from "../../format/numbers.ts";
import { type ChunkMove, describeMove, placesOf } from "./describe-retrieval.ts";

type QueryMove = RetrievalReport["moves"][number];
type Chunk = QueryMove["before"][number];

const SHOWN = 5;

/** Queries whose lists change most: both lists, and why each chunk moved. */
export function Moves({ moves }: { moves: readonly QueryMove[] }): JSX.Element {
  return (
    <Card
      title={moves.length === 0 ? "What moved" : `What moved: ${plural(moves.length, "query", "queries")}`}
    >
      {moves.length === 0 ? (
        <EmptyState title="No list changes">
          A run that ends without a new order, or cuts documents anew, moves no chunk of a list.
        </EmptyState>
      ) : (
        <ul className="move-list">
          {moves.map((move, index) => (
            <li key={move.retrievalId}>
              <details open={index === 0}>
                <summary>
                  <span dir="auto">{move.query ?? <span className="faint">The words are gone.</span>}</span>
                </summary>
                <OneMove move={move} />
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function OneMove({ move }: { move: QueryMove }): JSX.Element {
  const byChunk = new Map(move.moves.map((chunk) => [chunk.chunkId, chunk]));
  // What is known to be relevant tells most; then what moved most.
  const why = [
    ...move.moves.filter(({ isRelevant }) => isRelevant),
    ...move.moves.filter(({ isRelevant }) => !isRelevant),
  ];
  const chunks = new Map([...move.before, ...move.after].map((chunk) => [chunk.chunkId, chunk]));
  return (
    <div className="stack">
      <div className="move-lists">
        <Order title="Before" chunks={move.before} moves={byChunk} />
        <Order title="After" chunks={move.after} moves={byChunk} />
      </div>
      <div className="stack-tight">
        <h3>Why</h3>
        <ul className="stack-tight">
          {why.slice(0, SHOWN).map((chunk) => (
            <li key={chunk.chunkId}>
              <span className="strong clip-words">{nameOf(chunks.get(chunk.chunkId), chunk.chunkId)}</span>{" "}
              <span className="faint">{placesOf(chunk)}</span>{" "}
              {chunk.isRelevant ? <Badge tone="good">Relevant</Badge> : null} {describeMove(chunk)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const nameOf = (chunk: Chunk | undefined, id: string): string => chunk?.title ?? id;

function Order({
  title,
  chunks,
  moves,
}: {
  title: string;
  chunks: readonly Chunk[];
  moves: ReadonlyMap<string, ChunkMove>;
}): JSX.Element {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      <ol className="move-order">
        {chunks.slice(0, SHOWN).map((chunk) => {
          const move = moves.get(chunk.chunkId);
          return (
            <li key={chunk.chunkId}>
              <p>
                <span className="strong clip-words">{nameOf(chunk, chunk.chunkId)}</span>{" "}
                {move === undefined ? null : <span className="small faint">{placesOf(move)}</span>}{" "}
                {move?.isRelevant === true ? <Badge tone="good">Relevant</Badge> : null}
              </p>
              {chunk.text === null ? null : (
                <p className="small soft move-text" dir="auto">
                  {chunk.text}
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
