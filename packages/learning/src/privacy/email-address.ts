import type { Recogniser } from "./finding.ts";

const CANDIDATE =
  /(?<![\p{L}\p{N}._%+/-])[\p{L}\p{N}_%+'-]{1,64}(?:\.[\p{L}\p{N}_%+'-]{1,64}){0,8}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}-]|\.\p{L}{2})/gu;
/** "logo@2x.png" is a file. */
const FILES =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|scss|jsx?|tsx?|mjs|json|html?|md|ya?ml|txt|py|rb|go|rs)$/i;

/** E-mail addresses with a top-level domain of letters; not the user of a clone address such as git@host:path. */
export const findEmailAddresses: Recogniser = (text) =>
  [...text.matchAll(CANDIDATE)].flatMap((match) => {
    const [written] = match;
    const start = match.index;
    const end = start + written.length;
    if (FILES.test(written)) return [];
    if (written.startsWith("git@") || /^:(?:[\w.~-]+\/)/.test(text.slice(end, end + 80))) return [];
    return [{ kind: "email_address" as const, start, end, label: "e-mail address" }];
  });
