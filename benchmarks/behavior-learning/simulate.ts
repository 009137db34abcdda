import {
  createRandom,
  type Random,
  randomInteger,
  type RuleTrial,
  type Departure,
  type ToolCall,
  type Trace,
} from "@agent-learning/learning";

/** A habit that is planted in runs of one side. */
export interface Habit {
  tools: readonly string[];
  direction: Departure["direction"];
  /** What having it adds to a run's score. */
  effect: number;
}

/** What experts do and the agent does not, or the other way round. The third helps nobody: experts have it all the same. */
export const HABITS: readonly Habit[] = [
  { tools: ["verify_identity", "lookup_order", "check_policy"], direction: "experts_do", effect: 0.15 },
  { tools: ["search", "open_document", "cite"], direction: "experts_do", effect: 0.12 },
  { tools: ["escalate", "send_draft"], direction: "experts_do", effect: -0.15 },
  { tools: ["retry", "guess"], direction: "agent_does", effect: -0.18 },
];
/** Both sides have it alike: frequent, and no departure. */
const COMMON: readonly string[] = ["open_ticket", "classify", "close_ticket"];
/** One expert alone has it, in every run. */
const QUIRK: readonly string[] = ["ping_channel", "write_note"];
/** The ordinary work, in which tools of the habits turn up too. */
const WORK = [
  "search",
  "lookup_order",
  "read_history",
  "calculate",
  "translate",
  "summarise",
  "fetch_rates",
  "open_document",
  "send_draft",
  "retry",
];

const WITH_HABIT = 0.65;
const WITHOUT_HABIT = 0.06;

export interface SimulationSize {
  experts: number;
  runsPerExpert: number;
  agentRuns: number;
}

/** The same seed gives the same runs. Expert 0 shows three times as many as others, with a quirk of their own. */
export function simulateRuns(seed: string, { experts, runsPerExpert, agentRuns }: SimulationSize): Trace[] {
  const random = createRandom(seed);
  const follow = workflow(random.fork("workflow"));
  const traces: Trace[] = [];
  for (let expert = 0; expert < experts; expert += 1) {
    const runs = expert === 0 ? 3 * runsPerExpert : runsPerExpert;
    for (let run = 0; run < runs; run += 1) {
      const id = `expert-${expert}-${run}`;
      const draw = random.fork(id);
      const tools = oneRun(draw, follow, "expert");
      if (expert === 0) plant(draw, tools, QUIRK);
      traces.push({ id, source: "expert", contributor: `expert-${expert}`, calls: calls(draw, tools) });
    }
  }
  for (let run = 0; run < agentRuns; run += 1) {
    const id = `agent-${run}`;
    const draw = random.fork(id);
    const tools = oneRun(draw, follow, "agent");
    traces.push({ id, source: "agent", contributor: `user-${run % 40}`, calls: calls(draw, tools) });
  }
  return traces;
}

/** What comes next depends on the two calls before: a bigram model cannot know it. */
function workflow(random: Random): (draw: Random, before: string, last: string) => string {
  const preferred = new Map<string, string>();
  for (const before of ["", ...WORK])
    for (const last of ["", ...WORK])
      preferred.set(`${before}>${last}`, WORK[randomInteger(random, WORK.length)] as string);
  return (draw, before, last) =>
    draw.next() < 0.7
      ? (preferred.get(`${before}>${last}`) as string)
      : (WORK[randomInteger(draw, WORK.length)] as string);
}

function oneRun(draw: Random, follow: ReturnType<typeof workflow>, side: "expert" | "agent"): string[] {
  const tools: string[] = [];
  const length = 3 + randomInteger(draw, 5);
  for (let i = 0; i < length; i += 1) tools.push(follow(draw, tools.at(-2) ?? "", tools.at(-1) ?? ""));
  for (const { tools: habit, direction } of HABITS) {
    const has = (direction === "experts_do") === (side === "expert") ? WITH_HABIT : WITHOUT_HABIT;
    if (draw.next() < has) plant(draw, tools, habit);
  }
  if (draw.next() < 0.5) plant(draw, tools, COMMON);
  return tools;
}

/** Puts a habit into a run: most often in one piece, else with other calls between. */
function plant(draw: Random, tools: string[], habit: readonly string[]): void {
  let at = randomInteger(draw, tools.length + 1);
  const together = draw.next() < 0.7;
  for (const tool of habit) {
    tools.splice(at, 0, tool);
    at += 1;
    if (!together) at += randomInteger(draw, tools.length - at + 1);
  }
}

function calls(draw: Random, tools: readonly string[]): ToolCall[] {
  return tools.map((tool) => ({
    tool,
    failed: draw.next() < 0.05,
    milliseconds: Math.round(50 + 400 * draw.next()),
  }));
}

/**
 * Held-out tasks with and without one rule: the same tasks and the same chance on both sides. Who is told a rule follows it in nine
 * tasks of ten.
 */
export function tryRule(
  seed: string,
  ruleId: string,
  departure: Pick<Departure, "tools" | "direction">,
  tasks: number,
): RuleTrial {
  const random = createRandom(seed).fork(`rule ${ruleId}`);
  const key = departure.tools.join();
  const effect = HABITS.find(({ tools }) => tools.join() === key)?.effect ?? 0;
  const pairs = Array.from({ length: tasks }, () => {
    const usual = departure.direction === "experts_do" ? WITHOUT_HABIT : WITH_HABIT;
    const had = random.next() < usual;
    const listens = random.next() < 0.9;
    const has = listens ? departure.direction === "experts_do" : had;
    const base = 0.5 + 0.25 * (random.next() - 0.5);
    // Two answers to one task differ also by chance.
    const score = (habit: boolean): number =>
      Math.min(1, Math.max(0, base + (habit ? effect : 0) + 0.2 * (random.next() - 0.5)));
    return { without: score(had), with: score(has) };
  });
  return { ruleId, pairs };
}

/** Whether following a rule helps, by what was planted. */
export function helps(departure: Pick<Departure, "tools" | "direction">): boolean {
  const habit = HABITS.find(({ tools }) => tools.join() === departure.tools.join());
  if (habit === undefined) return false;
  return departure.direction === "experts_do" ? habit.effect > 0 : habit.effect < 0;
}
