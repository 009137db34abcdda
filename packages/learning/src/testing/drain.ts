/** Runs a generator to its end: what it yielded and what it returned. */
export async function drain<Step, Result>(
  generator: AsyncGenerator<Step, Result>,
): Promise<{ steps: Step[]; result: Result }> {
  const steps: Step[] = [];
  let step = await generator.next();
  while (!step.done) {
    steps.push(step.value);
    step = await generator.next();
  }
  return { steps, result: step.value };
}
