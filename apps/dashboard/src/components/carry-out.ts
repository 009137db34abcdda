/**
 * Says what is said when a change is done, even where the change has taken what asked for it off the page: callbacks of `mutate` are
 * forgotten then. What failed is told by whoever shows the mutation's error.
 */
export function carryOut<T>(change: Promise<T>, done: (result: T) => void): void {
  change.then(done, () => undefined);
}
