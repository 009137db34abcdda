// The steps are those of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. [C](VC)^m[V] is the form of a word; m
// is its measure.

const isConsonant = (word: string, at: number): boolean => {
  const letter = word[at] as string;
  if ("aeiou".includes(letter)) return false;
  return letter !== "y" || at === 0 || !isConsonant(word, at - 1);
};

function measure(stem: string): number {
  let count = 0;
  for (let at = 1; at < stem.length; at += 1) {
    if (isConsonant(stem, at) && !isConsonant(stem, at - 1)) count += 1;
  }
  return count;
}

const hasVowel = (stem: string): boolean => Array.from(stem).some((_letter, at) => !isConsonant(stem, at));

const endsDouble = (word: string): boolean =>
  word.length > 1 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);

/** Ends consonant, vowel, consonant, the last of which is not w, x or y. */
const endsShort = (word: string): boolean => {
  const last = word.length - 1;
  return (
    last >= 2 &&
    isConsonant(word, last) &&
    !isConsonant(word, last - 1) &&
    isConsonant(word, last - 2) &&
    !"wxy".includes(word[last] as string)
  );
};

const STEP_2: readonly [string, string][] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["abli", "able"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
];
const STEP_3: readonly [string, string][] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const STEP_4: readonly string[] =
  "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split(" ");

/** The longest ending of the list that the word has. */
function longest<T>(word: string, endings: readonly T[], text: (ending: T) => string): T | undefined {
  let found: T | undefined;
  for (const ending of endings) {
    if (word.endsWith(text(ending)) && (found === undefined || text(ending).length > text(found).length))
      found = ending;
  }
  return found;
}

function replaceEnding(word: string, endings: readonly [string, string][]): string {
  const found = longest(word, endings, ([from]) => from);
  if (found === undefined) return word;
  const stem = word.slice(0, -found[0].length);
  return measure(stem) > 0 ? stem + found[1] : word;
}

function step1(word: string): string {
  let result = word;
  if (result.endsWith("sses") || result.endsWith("ies")) result = result.slice(0, -2);
  else if (result.endsWith("s") && !result.endsWith("ss")) result = result.slice(0, -1);
  if (result.endsWith("eed")) {
    if (measure(result.slice(0, -3)) > 0) result = result.slice(0, -1);
  } else {
    const ending = ["ed", "ing"].find((each) => result.endsWith(each));
    if (ending !== undefined && hasVowel(result.slice(0, -ending.length))) {
      result = result.slice(0, -ending.length);
      if (["at", "bl", "iz"].some((each) => result.endsWith(each))) result += "e";
      else if (endsDouble(result) && !"lsz".includes(result.at(-1) as string)) result = result.slice(0, -1);
      else if (measure(result) === 1 && endsShort(result)) result += "e";
    }
  }
  if (result.endsWith("y") && hasVowel(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
  return result;
}

function step4(word: string): string {
  const found = longest(word, STEP_4, (ending) => ending);
  if (found === undefined) return word;
  const stem = word.slice(0, -found.length);
  if (measure(stem) < 2 || (found === "ion" && !/[st]$/.test(stem))) return word;
  return stem;
}

function step5(word: string): string {
  let result = word;
  if (result.endsWith("e")) {
    const stem = result.slice(0, -1);
    const size = measure(stem);
    if (size > 1 || (size === 1 && !endsShort(stem))) result = stem;
  }
  return endsDouble(result) && result.endsWith("l") && measure(result) > 1 ? result.slice(0, -1) : result;
}

/** The stem of an English word in lower case (Porter 1980): "relational" and "relate" meet in "relat". Other words stay as they are. */
export function porterStem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  return step5(step4(replaceEnding(replaceEnding(step1(word), STEP_2), STEP_3)));
}
