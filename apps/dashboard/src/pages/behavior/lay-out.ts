import type { BehaviorPatterns } from "../../api/types.ts";

export type Workflow = BehaviorPatterns["experts"];
export type WorkflowTool = Workflow["tools"][number];
export type WorkflowStep = Workflow["steps"][number];

export const START = "(start)";
export const END = "(end)";

export interface PlacedNode {
  name: string;
  /** Undefined for the ends of a run. */
  tool: WorkflowTool | undefined;
  x: number;
  y: number;
}

export interface PlacedStep {
  step: WorkflowStep;
  from: PlacedNode;
  to: PlacedNode;
}

export interface Layout {
  nodes: PlacedNode[];
  steps: PlacedStep[];
  width: number;
  height: number;
  /** What is left out, so that the picture can be read. */
  hidden: { tools: number; steps: number };
}

export interface LayoutOptions {
  /** Tools in the picture at most, the most called. */
  mostTools: number;
  /** Share of a tool's leaving steps below which one is left out, 0 to 1. */
  leastShare: number;
}

export const NODE_WIDTH = 156;
export const NODE_HEIGHT = 44;
const GAP_X = 36;
const GAP_Y = 56;
const MARGIN = 20;

/**
 * Places a directly-follows graph in layers from the start of a run down to its end: each tool below those that most often come before
 * it, within a layer where its neighbours above are. A step that goes back up is a loop of the work.
 */
export function layOut(workflow: Workflow, { mostTools, leastShare }: LayoutOptions): Layout {
  const tools = workflow.tools.slice(0, mostTools);
  const names = new Set([START, END, ...tools.map(({ tool }) => tool)]);
  const between = workflow.steps.filter(({ from, to }) => names.has(from) && names.has(to));
  // The most frequent way into a tool stays whatever its share: nothing stands alone.
  const ways = new Set([...names].map((name) => between.find(({ to }) => to === name)));
  const shown = between.filter((step) => step.share >= leastShare || ways.has(step));
  const layers = order(layersOf([...names], shown), shown);
  const byName = new Map(tools.map((tool) => [tool.tool, tool]));
  const widest = Math.max(1, ...layers.map((layer) => layer.length));
  const width = 2 * MARGIN + widest * NODE_WIDTH + (widest - 1) * GAP_X;
  const nodes = layers.flatMap((layer, row): PlacedNode[] => {
    const span = layer.length * NODE_WIDTH + (layer.length - 1) * GAP_X;
    return layer.map((name, column) => ({
      name,
      tool: byName.get(name),
      x: (width - span) / 2 + column * (NODE_WIDTH + GAP_X),
      y: MARGIN + row * (NODE_HEIGHT + GAP_Y),
    }));
  });
  const placed = new Map(nodes.map((node) => [node.name, node]));
  return {
    nodes,
    steps: shown.map((step) => ({
      step,
      from: placed.get(step.from) as PlacedNode,
      to: placed.get(step.to) as PlacedNode,
    })),
    width,
    height: 2 * MARGIN + layers.length * NODE_HEIGHT + (layers.length - 1) * GAP_Y,
    hidden: {
      tools: workflow.tools.length - tools.length,
      steps: workflow.steps.length - shown.length,
    },
  };
}

/** Layers by the most frequent way from the start: steps are taken from the most frequent on, and one that would close a circle not at all. */
function layersOf(names: readonly string[], steps: readonly WorkflowStep[]): string[][] {
  const after = new Map(names.map((name) => [name, new Set<string>()]));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(after.get(from) ?? [])].some((next) => reaches(next, to, seen));
  };
  for (const { from, to } of steps.toSorted((one, other) => other.count - one.count))
    if (from !== to && !reaches(to, from)) after.get(from)?.add(to);
  const depth = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const before = names.filter((other) => after.get(other)?.has(name));
    const own = name === START ? 0 : 1 + Math.max(0, ...before.map(depthOf));
    depth.set(name, own);
    return own;
  };
  const deepest = Math.max(...names.filter((name) => name !== END).map(depthOf));
  depth.set(END, deepest + 1);
  const layers: string[][] = Array.from({ length: deepest + 2 }, () => []);
  for (const name of names) layers[depth.get(name) ?? 0]?.push(name);
  return layers.filter((layer) => layer.length > 0);
}

/** Within a layer, by the mean place of the neighbours in the layers above. */
function order(layers: readonly string[][], steps: readonly WorkflowStep[]): string[][] {
  const place = new Map<string, number>();
  return layers.map((layer) => {
    const wanted = new Map(
      layer.map((name) => {
        const above = steps.filter(({ from, to }) => to === name && place.has(from));
        const weight = above.reduce((sum, { count }) => sum + count, 0);
        const sum = above.reduce((total, { from, count }) => total + count * (place.get(from) ?? 0), 0);
        return [name, weight === 0 ? 0 : sum / weight] as const;
      }),
    );
    const sorted = layer.toSorted((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0));
    sorted.forEach((name, index) => place.set(name, index - (sorted.length - 1) / 2));
    return sorted;
  });
}

/** The curve of a step, from below a box to above the next; one that goes back up, or stays, leaves and comes at the right side. */
export function curveOf({ from, to }: PlacedStep): { path: string; labelX: number; labelY: number } {
  if (from.name === to.name) {
    const [x, y] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
    return {
      path: `M ${x} ${y - 8} C ${x + 30} ${y - 22}, ${x + 30} ${y + 22}, ${x} ${y + 8}`,
      labelX: x + 20,
      labelY: y - 18,
    };
  }
  if (to.y > from.y) {
    const [x1, y1, x2, y2] = [from.x + NODE_WIDTH / 2, from.y + NODE_HEIGHT, to.x + NODE_WIDTH / 2, to.y];
    const bend = (y2 - y1) / 2;
    return {
      path: `M ${x1} ${y1} C ${x1} ${y1 + bend}, ${x2} ${y2 - bend}, ${x2} ${y2 - 5}`,
      labelX: (x1 + x2) / 2,
      labelY: (y1 + y2) / 2 + 4,
    };
  }
  const [x1, y1, x2, y2] = [
    from.x + NODE_WIDTH,
    from.y + NODE_HEIGHT / 2,
    to.x + NODE_WIDTH,
    to.y + NODE_HEIGHT / 2,
  ];
  const out = Math.max(x1, x2) + 28;
  return {
    path: `M ${x1} ${y1} C ${out} ${y1}, ${out} ${y2}, ${x2 + 5} ${y2}`,
    labelX: out - 10,
    labelY: (y1 + y2) / 2,
  };
}
