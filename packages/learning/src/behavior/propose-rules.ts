import { contentHash } from "../json.ts";
import type { PlaybookRule } from "../prompt/candidate.ts";
import { type Departure, followsPattern } from "./departures.ts";
import { isToolName, type Trace } from "./trace.ts";

/** What ids of rules from behaviour begin with: they are proposed anew by each run, and go with their evidence. */
export const BEHAVIOR_RULE = "behavior-";

/** A rule as experts' behaviour suggests it. Nobody follows it yet. */
export interface ProposedRule {
  rule: PlaybookRule;
  departure: Departure;
}

/**
 * One rule for each departure. Its text is made of names of tools and nothing else that anybody wrote; a departure with a name that
 * could be anything else gives none. Its counters say what became of the agent's own runs that did as the rule says, where people said
 * something of them: content, helpful; else harmful. What experts showed is its evidence, not its success.
 */
export function proposeRules(departures: readonly Departure[], traces: readonly Trace[]): ProposedRule[] {
  return departures
    .filter(({ tools }) => tools.every(isToolName))
    .map((departure) => {
      const judged = traces.filter(
        (trace) => trace.source === "agent" && trace.good !== undefined && obeys(trace, departure),
      );
      const helpful = judged.filter(({ good }) => good === true).length;
      const text = ruleText(departure);
      return {
        departure,
        rule: {
          id: `${BEHAVIOR_RULE}${contentHash([departure.direction, ...departure.tools]).slice(0, 16)}`,
          text,
          evidenceIds: [...departure.evidenceIds, ...judged.map(({ id }) => id)].filter(
            (id, i, all) => all.indexOf(id) === i,
          ),
          helpful,
          harmful: judged.length - helpful,
        },
      };
    });
}

/** For an "avoid" rule only runs speak that start on the pattern and leave it; any other run obeys it without choosing to. */
function obeys(trace: Trace, { tools, direction }: Departure): boolean {
  if (direction === "experts_do") return followsPattern(trace, { tools });
  return (
    tools.length > 1 &&
    followsPattern(trace, { tools: tools.slice(0, -1) }) &&
    !followsPattern(trace, { tools })
  );
}

function ruleText({ tools, direction }: Departure): string {
  const names = tools.map((tool) => `\`${tool}\``);
  if (names.length === 1) {
    return direction === "experts_do"
      ? `Call ${names[0] ?? ""} before you finish.`
      : `Do not call ${names[0] ?? ""} as a matter of course.`;
  }
  const order = names.join(", then ");
  return direction === "experts_do"
    ? `Call ${order}: in this order, other calls may stand between.`
    : `Do not call ${order}: experts do not work in this order.`;
}
