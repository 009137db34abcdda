import type { AgentPolicy } from "@agent-learning/contract";

// FNV-1a over the characters, then murmur3's finaliser: the ids of one batch differ in few characters.
function hash32(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * How many people annotate an example: the policy's overlap, and never fewer than two for the share of examples on which
 * agreement is measured. Which ones depends on the id alone, so that nobody can steer it and a retry decides alike.
 */
export function slotsFor(
  exampleId: string,
  policy: Pick<AgentPolicy["training"], "annotation_overlap" | "double_annotation_share">,
): number {
  const isDoubled = hash32(exampleId) / 2 ** 32 < policy.double_annotation_share;
  return Math.max(policy.annotation_overlap, isDoubled ? 2 : 1);
}
