import type { BinnedFeatures } from "./bin-features.ts";

/** A regression tree as columns; node 0 is the root. */
export interface Tree {
  /** Feature that the node asks for, −1 at a leaf. */
  feature: number[];
  /** A value at most this, or none, goes left. */
  threshold: number[];
  left: number[];
  right: number[];
  /** The leaf's contribution, learning rate included. */
  value: number[];
}

export interface GrowOptions {
  leaves: number;
  /** Rows that a leaf has at least. */
  minimumRows: number;
  /** Sum of curvatures that a leaf has at least. */
  minimumHessian: number;
  ridge: number;
  learningRate: number;
}

/** A tree, and where the rows that it was grown on ended. */
export interface GrownTree {
  tree: Tree;
  leaves: readonly { node: number; rows: Int32Array }[];
}

interface Split {
  feature: number;
  bin: number;
  gain: number;
}
interface Leaf {
  node: number;
  rows: Int32Array;
  gradient: number;
  hessian: number;
  /** Per feature and bin: gradient, curvature, rows. */
  histogram: Float64Array;
  split: Split | undefined;
}

const BINS = 256;
const CELL = 3;

function fillHistogram(
  rows: Int32Array,
  { bins }: BinnedFeatures,
  features: readonly number[],
  gradients: Float64Array,
  hessians: Float64Array,
): Float64Array {
  const histogram = new Float64Array(features.length * BINS * CELL);
  for (const [position, feature] of features.entries()) {
    const column = bins[feature] as Uint8Array;
    const base = position * BINS * CELL;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place] as number;
      const cell = base + (column[row] as number) * CELL;
      (histogram[cell] as number) += gradients[row] as number;
      (histogram[cell + 1] as number) += hessians[row] as number;
      (histogram[cell + 2] as number) += 1;
    }
  }
  return histogram;
}

function bestSplit(
  leaf: Omit<Leaf, "split">,
  { bounds }: BinnedFeatures,
  features: readonly number[],
  { minimumRows, minimumHessian, ridge }: GrowOptions,
): Split | undefined {
  const { histogram, gradient, hessian, rows } = leaf;
  if (rows.length < 2 * minimumRows) return undefined;
  const whole = gradient ** 2 / (hessian + ridge);
  let best: Split | undefined;
  for (const [place, feature] of features.entries()) {
    const base = place * BINS * CELL;
    let [leftGradient, leftHessian, leftRows] = [0, 0, 0];
    for (let bin = 0; bin < (bounds[feature] as Float64Array).length; bin += 1) {
      const cell = base + bin * CELL;
      leftGradient += histogram[cell] as number;
      leftHessian += histogram[cell + 1] as number;
      leftRows += histogram[cell + 2] as number;
      const rightHessian = hessian - leftHessian;
      if (leftRows < minimumRows || leftHessian < minimumHessian) continue;
      if (rows.length - leftRows < minimumRows || rightHessian < minimumHessian) break;
      const gain =
        leftGradient ** 2 / (leftHessian + ridge) +
        (gradient - leftGradient) ** 2 / (rightHessian + ridge) -
        whole;
      if (gain > (best?.gain ?? 1e-12)) best = { feature, bin, gain };
    }
  }
  return best;
}

/** The rows whose bin is at most `bin`, and the others, in their order. */
function divide(rows: Int32Array, column: Uint8Array, bin: number): [left: Int32Array, right: Int32Array] {
  const both = new Int32Array(rows.length);
  let [left, right] = [0, rows.length];
  for (const row of rows) {
    if ((column[row] as number) <= bin) both[left++] = row;
    else both[--right] = row;
  }
  return [both.subarray(0, left), both.subarray(left).toReversed()];
}

/**
 * Grows one tree, always at the leaf where splitting gains most, on histograms of which the larger child's is the parent's less the
 * smaller one's.
 */
export function growTree(
  data: BinnedFeatures,
  rows: Int32Array,
  features: readonly number[],
  gradients: Float64Array,
  hessians: Float64Array,
  options: GrowOptions,
): GrownTree {
  const tree: Tree = { feature: [], threshold: [], left: [], right: [], value: [] };
  const addLeaf = (own: Int32Array, histogram: Float64Array): Leaf => {
    let [gradient, hessian] = [0, 0];
    for (const row of own) {
      gradient += gradients[row] as number;
      hessian += hessians[row] as number;
    }
    const node = tree.feature.length;
    tree.feature.push(-1);
    tree.threshold.push(0);
    tree.left.push(-1);
    tree.right.push(-1);
    const value = (-gradient / (hessian + options.ridge)) * options.learningRate;
    tree.value.push(Number.isFinite(value) ? value : 0);
    const leaf = { node, rows: own, gradient, hessian, histogram };
    return { ...leaf, split: bestSplit(leaf, data, features, options) };
  };
  const open = [addLeaf(rows, fillHistogram(rows, data, features, gradients, hessians))];
  for (let leaves = 1; leaves < options.leaves; leaves += 1) {
    let chosen: Leaf | undefined;
    for (const leaf of open) if ((leaf.split?.gain ?? 0) > (chosen?.split?.gain ?? 0)) chosen = leaf;
    if (chosen?.split === undefined) break;
    open.splice(open.indexOf(chosen), 1);
    const { feature, bin } = chosen.split;
    const column = data.bins[feature] as Uint8Array;
    const [left, right] = divide(chosen.rows, column, bin);
    const smaller = left.length <= right.length ? left : right;
    const ofSmaller = fillHistogram(smaller, data, features, gradients, hessians);
    const ofLarger = chosen.histogram;
    for (let cell = 0; cell < ofLarger.length; cell += 1)
      (ofLarger[cell] as number) -= ofSmaller[cell] as number;
    const [leftHistogram, rightHistogram] = smaller === left ? [ofSmaller, ofLarger] : [ofLarger, ofSmaller];
    const [leftLeaf, rightLeaf] = [addLeaf(left, leftHistogram), addLeaf(right, rightHistogram)];
    tree.feature[chosen.node] = feature;
    tree.threshold[chosen.node] = (data.bounds[feature] as Float64Array)[bin] as number;
    tree.left[chosen.node] = leftLeaf.node;
    tree.right[chosen.node] = rightLeaf.node;
    tree.value[chosen.node] = 0;
    open.push(leftLeaf, rightLeaf);
  }
  return { tree, leaves: open };
}

/** What a tree contributes to a row. */
export function readTree(tree: Tree, row: ArrayLike<number>): number {
  let node = 0;
  for (let feature = tree.feature[0] as number; feature >= 0; feature = tree.feature[node] as number) {
    const value = row[feature] ?? Number.NaN;
    // Written so that a value that is not a number goes left, as it did in training.
    node = (value > (tree.threshold[node] as number) ? tree.right[node] : tree.left[node]) as number;
  }
  return tree.value[node] as number;
}
