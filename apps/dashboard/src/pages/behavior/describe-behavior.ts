import type { BehaviorPatterns } from "../../api/types.ts";
import { percent, plural } from "../../format/numbers.ts";

/** Where experts depart from the agent, in a sentence. */
export function describeBehavior(patterns: BehaviorPatterns): string {
  const { experts, agent, departures, patternsTested } = patterns;
  if (experts.runs + agent.runs === 0) return "No run has told of its tool calls yet.";
  const basis = `${plural(experts.runs, "demonstration")} of experts and ${plural(agent.runs, "run")} of the agent`;
  if (experts.runs === 0 || agent.runs === 0)
    return `${basis}: with one side alone there is nothing to compare.`;
  if (patternsTested === 0) return `${basis}: too few to compare them.`;
  const rules = departures.filter(({ rule }) => rule !== null).length;
  if (departures.length === 0)
    return `${basis}: of ${plural(patternsTested, "pattern")} none tells them apart beyond chance.`;
  return `Experts work differently in ${plural(departures.length, "way")}, and ${plural(rules, "rule is", "rules are")} proposed from that. From ${basis}.`;
}

/** How well the agent's way of work covers the experts', and how far the next call can be told. */
export function describeFit({ replayFitness, nextTool }: BehaviorPatterns): string[] {
  return [
    ...(replayFitness === null
      ? []
      : [`${percent(replayFitness, 0)} of the experts’ steps are steps that the agent takes too.`]),
    ...(nextTool === null
      ? []
      : [
          `What an expert calls next is told right ${percent(nextTool.accuracy, 0)} of the time by the calls before it, ${percent(nextTool.bigramAccuracy, 0)} by the last call alone (${plural(nextTool.predictions, "prediction")} on runs left out).`,
        ]),
  ];
}
