import { browserPlatform } from "./browser/browser-platform.ts";
import type * as node from "./index.ts";
import { composeLearning } from "./learning/compose-learning.ts";

/** The same as in Node, over the page's `fetch` and `localStorage`. */
export const createLearning: typeof node.createLearning = (options) =>
  composeLearning(browserPlatform, options);

export { LearningError } from "./errors.ts";
