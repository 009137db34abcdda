/** True when a sitting was cut off: something is still held, drafted or unsent. */
export function hasLeftWork(userId: string, kind: string): boolean {
  return Object.keys(localStorage).some((key) => key.startsWith(`agent-learning.desk.${userId}.${kind}.`));
}
