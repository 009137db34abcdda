import type { Summary } from "./summarise.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [460, 320, 56, 24, 64, 48];
const LABELLED = "#94a3b8";
const OURS = "#0f766e";
const OTHER = "#b45309";

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * Accuracy against prompt tokens, a panel for each task. The line joins the seed and random labelled demonstrations, from few to many:
 * what a search has to beat is the line at its own length.
 */
export function drawFrontier(summaries: readonly Summary[]): string {
  const panels = [...Map.groupBy(summaries, ({ task }) => task)];
  const columns = Math.min(2, panels.length);
  const width = WIDTH * columns;
  const height = HEIGHT * Math.ceil(panels.length / columns);
  const drawn = panels.map(([task, lines], index) => {
    const [x, y] = [(index % columns) * WIDTH, Math.floor(index / columns) * HEIGHT];
    return `<g transform="translate(${x} ${y})">${panel(task, lines)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" role="img" aria-label="Test accuracy against prompt tokens, by method">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${drawn.join("\n")}
</svg>
`;
}

function panel(task: string, lines: readonly Summary[]): string {
  const most = Math.max(100, ...lines.map(({ promptTokens }) => promptTokens)) * 1.08;
  const lowest = Math.floor(Math.min(1, ...lines.map(({ accuracy }) => accuracy)) * 10) / 10;
  const highest = Math.max(
    lowest + 0.1,
    Math.ceil(Math.max(0, ...lines.map(({ accuracy }) => accuracy)) * 10) / 10,
  );
  const x = (tokens: number): string => (LEFT + (tokens / most) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (accuracy: number): string =>
    (TOP + ((highest - accuracy) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const simple = lines
    .filter(({ method }) => method === "seed" || method.endsWith(" labelled"))
    .toSorted((one, other) => one.promptTokens - other.promptTokens);
  const path = simple
    .map(({ promptTokens, accuracy }, i) => `${i === 0 ? "M" : "L"}${x(promptTokens)} ${y(accuracy)}`)
    .join("");
  const steps = Math.round((highest - lowest) * 10);
  const grid = Array.from({ length: steps + 1 }, (_, i) => {
    const value = lowest + i / 10;
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#e2e8f0"/><text x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end" font-size="11" fill="#475569">${value.toFixed(1)}</text>`;
  });
  const points = lines.map(({ method, promptTokens, accuracy }) => {
    const colour = simple.some((one) => one.method === method)
      ? LABELLED
      : method === "portfolio"
        ? OURS
        : OTHER;
    return `<circle cx="${x(promptTokens)}" cy="${y(accuracy)}" r="5" fill="${colour}"><title>${escape(method)}: ${accuracy.toFixed(3)} at ${Math.round(promptTokens)} tokens</title></circle><text x="${x(promptTokens)}" y="${Number(y(accuracy)) - 9}" text-anchor="middle" font-size="10" fill="#334155">${escape(method)}</text>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const tokens = Math.round((part * most) / 1.08 / 10) * 10;
    return `<text x="${x(tokens)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" font-size="11" fill="#475569">${tokens}</text>`;
  });
  return `<text x="${LEFT}" y="30" font-size="15" font-weight="600" fill="#0f172a">${escape(task)}</text>
${grid.join("")}<path d="${path}" fill="none" stroke="${LABELLED}" stroke-width="1.5"/>
${points.join("")}${ticks.join("")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" font-size="11" fill="#475569">prompt tokens of a request</text>`;
}
