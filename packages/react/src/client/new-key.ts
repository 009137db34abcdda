/** 128 random bits, also on pages that are not secure and have no `crypto.randomUUID`. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}
