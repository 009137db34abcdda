/** How many leading items two lists share. */
export function commonPrefix(one: readonly number[], other: readonly number[]): number {
  const shorter = Math.min(one.length, other.length);
  let index = 0;
  while (index < shorter && one[index] === other[index]) index += 1;
  return index;
}
