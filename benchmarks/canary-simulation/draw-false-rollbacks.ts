import { BASELINES } from "./baselines.ts";
import type { CanaryResult } from "./judge-canaries.ts";

const [WIDTH, LEFT, RIGHT, TOP, GROUP, BAR] = [980, 430, 70, 76, 78, 14];
const COLOURS = ["#0f766e", "#94a3b8", "#cbd5e1", "#64748b"];
const NAMES = ["this project", ...BASELINES];

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const short = (part: number): string => `${(100 * part).toFixed(part > 0 && part < 0.1 ? 2 : 0)} %`;

/** Horizontal bars: for each scenario the share of healthy canaries that each rule rolled back. SVG. */
export function drawFalseRollbacks(results: readonly CanaryResult[]): string {
  const height = TOP + results.length * GROUP + 16;
  const scale = WIDTH - LEFT - RIGHT;
  const groups = results.map((result, row) => {
    const y = TOP + row * GROUP;
    const bars = [result.rolledBack, ...result.baselines].map((count, i) => {
      const part = count / result.runs;
      const top = y + i * (BAR + 2);
      return `<rect x="${LEFT}" y="${top}" width="${Math.max(1, part * scale).toFixed(1)}" height="${BAR}" fill="${COLOURS[i]}"/><text x="${(LEFT + part * scale + 6).toFixed(1)}" y="${top + 11}" font-size="11" fill="#334155">${short(part)}</text>`;
    });
    return `<text x="${LEFT - 12}" y="${y + 36}" text-anchor="end" font-size="13" fill="#0f172a">${escape(result.title)}</text>${bars.join("")}`;
  });
  const legend = NAMES.map(
    (name, i) =>
      `<rect x="${LEFT + i * 132}" y="44" width="12" height="12" fill="${COLOURS[i]}"/><text x="${LEFT + i * 132 + 18}" y="54" font-size="12" fill="#334155">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" role="img" aria-label="Healthy canaries rolled back, by rule">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="24" y="28" font-size="16" font-weight="600" fill="#0f172a">Healthy canaries rolled back, of ${Math.min(...results.map((result) => result.runs)).toLocaleString("en")} or more each</text>
${legend.join("\n")}
${groups.join("\n")}
</svg>
`;
}
