// What choosing how to cut documents is worth. Usage: node --conditions=agent-learning-source benchmarks/chunking.ts [--data FOLDER]
// FOLDER has NAME.md for each corpus and questions.json with the places of the answers (the layout of chunking_evaluation). For each corpus
// the settings are chosen on half of its questions and measured on the other half, beside five windows of 200, 400 and 800
// words.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type ChunkingScores,
  createRandom,
  DEFAULT_CHUNKING,
  meanChunkingScores,
  measureChunking,
  optimizeChunking,
  type SpanQuestion,
  type TextSpan,
} from "@agent-learning/learning";

const { values } = parseArgs({ options: { data: { type: "string", default: "../shared/data/chunking" } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const file = join(values.data, "questions.json");
if (!existsSync(file)) {
  say(`Skipped: there is no ${file}.`);
  process.exit(0);
}

/** Windows of so many words, wherever a sentence ends. */
const windows =
  (size: number) =>
  (text: string): TextSpan[] => {
    const words = [...text.matchAll(/\S+/gu)];
    const spans: TextSpan[] = [];
    for (let first = 0; first < words.length; first += size) {
      const last = words[Math.min(words.length, first + size) - 1];
      const start = words[first]?.index ?? 0;
      spans.push({ start, end: (last?.index ?? 0) + (last?.[0].length ?? 0) });
    }
    return spans;
  };
const show = ({ recall, precision, iou }: ChunkingScores): string =>
  `recall ${(100 * recall).toFixed(1)}, precision ${(100 * precision).toFixed(1)}, IoU ${(100 * iou).toFixed(1)}`;

interface Row {
  question: string;
  references: string;
  corpus_id: string;
}
const byCorpus = Map.groupBy(
  JSON.parse(readFileSync(file, "utf8")) as Row[],
  ({ corpus_id: corpus }) => corpus,
);
const started = performance.now();
for (const [corpus, rows] of byCorpus) {
  const text = readFileSync(join(values.data, `${corpus}.md`), "utf8");
  // Offsets count code points.
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  const questions = rows.map(({ question, references }, index): SpanQuestion => {
    const places = JSON.parse(references) as { start_index: number; end_index: number }[];
    const spans = places.map(({ start_index: from, end_index: to }) => ({
      document: corpus,
      start: units[from] ?? 0,
      end: units[to] ?? text.length,
    }));
    return { id: String(index), query: question, spans };
  });
  const documents = new Map([[corpus, text]]);
  const baseline = windows(400);
  const {
    verdict,
    reasons,
    settings,
    before,
    after,
    questions: held,
    pValue,
  } = optimizeChunking(documents, questions, { random: createRandom(1), baseline });
  say(`${corpus} (${questions.length} questions, ${held} of them held out):`);
  for (const size of [200, 400, 800])
    say(
      `  windows of ${size}, all questions: ${show(meanChunkingScores(measureChunking(documents, questions, windows(size))))}`,
    );
  say(
    `  sentences up to ${DEFAULT_CHUNKING.size}, ${DEFAULT_CHUNKING.overlap} repeated, all questions: ${show(meanChunkingScores(measureChunking(documents, questions, DEFAULT_CHUNKING)))}`,
  );
  const chosen =
    settings === null
      ? "nothing"
      : `${settings.shown} of ${settings.size} words, ${settings.overlap} repeated`;
  say(
    `  held out, 5 windows of 400 → ${chosen}: ${show(before)} → ${show(after)} (p ${pValue.toFixed(4)}), ${verdict} ${reasons.join(" ")}`,
  );
}
say(`${((performance.now() - started) / 1000).toFixed(1)} s`);
