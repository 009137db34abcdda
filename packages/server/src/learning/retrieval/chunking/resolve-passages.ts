import type { SpanQuestion } from "@agent-learning/learning";
import type { PassageMark } from "../../../collection/index.ts";

/** Feedback that says where the answer to a query stands. */
export interface PassageFeedback {
  id: string;
  actor: string;
  query: string;
  passages: readonly PassageMark[];
}

export interface ResolvedPassages {
  questions: SpanQuestion[];
  /** Passages of documents that are no more, or that no longer say it. */
  lost: number;
  /** Passages found by their words at another place than was said. */
  moved: number;
  /** Passages that were shown only in part. */
  cut: number;
  /** Feedback that was left out because its author has given most of it. */
  capped: number;
}

/** Share of all feedback that one person may give, and how much nobody is denied. */
const SHARE_OF_ONE = 0.1;
const LEAST_OF_ONE = 10;

/** Where a passage stands now; undefined: nowhere. */
function place(text: string, { start, end, quote }: PassageMark): { start: number; end: number } | undefined {
  if (quote === undefined) return end <= text.length ? { start, end } : undefined;
  if (text.slice(start, start + quote.length) === quote) return { start, end: start + quote.length };
  const found = text.indexOf(quote);
  return found < 0 ? undefined : { start: found, end: found + quote.length };
}

/** Finds passages in the documents as they are now. No person's feedback counts for more than a tenth of all. */
export function resolvePassages(
  feedback: readonly PassageFeedback[],
  texts: ReadonlyMap<string, string>,
): ResolvedPassages {
  const most = Math.max(LEAST_OF_ONE, Math.ceil(feedback.length * SHARE_OF_ONE));
  const given = new Map<string, number>();
  const result: ResolvedPassages = { questions: [], lost: 0, moved: 0, cut: 0, capped: 0 };
  for (const { id, actor, query, passages } of feedback) {
    const times = (given.get(actor) ?? 0) + 1;
    given.set(actor, times);
    if (times > most) {
      result.capped += 1;
      continue;
    }
    const spans = passages.flatMap((passage) => {
      const text = texts.get(passage.document_id);
      const span = text === undefined ? undefined : place(text, passage);
      if (span === undefined) {
        result.lost += 1;
        return [];
      }
      if (span.start !== passage.start) result.moved += 1;
      if (passage.cut === true) result.cut += 1;
      return [{ document: passage.document_id, ...span }];
    });
    if (spans.length > 0) result.questions.push({ id, query, spans });
  }
  return result;
}
