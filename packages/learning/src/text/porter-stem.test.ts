import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { porterStem } from "./porter-stem.ts";

describe("porterStem", () => {
  // The examples that the paper gives for each rule.
  test.each(
    `caresses caress, ponies poni, ties ti, caress caress, cats cat, feed feed, agreed agre, plastered plaster, bled bled,
     motoring motor, sing sing, conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss,
     fizzed fizz, failing fail, filing file, happy happi, sky sky, relational relat, conditional condit, rational ration, valenci valenc,
     digitizer digit, conformabli conform, radicalli radic, differentli differ, vileli vile, analogousli analog, vietnamization vietnam,
     predication predic, operator oper, feudalism feudal, decisiveness decis, hopefulness hope, callousness callous, formaliti formal,
     sensitiviti sensit, sensibiliti sensibl, triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr,
     hopeful hope, goodness good, revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop, adjustable adjust,
     defensible defens, irritant irrit, replacement replac, adjustment adjust, dependent depend, adoption adopt, homologou homolog,
     communism commun, activate activ, angulariti angular, homologous homolog, effective effect, bowdlerize bowdler, probate probat,
     rate rate, cease ceas, controll control, roll roll`
      .split(",")
      .map((pair) => pair.trim().split(" ") as [string, string]),
  )("%s becomes %s", (word, stem) => expect(porterStem(word)).toBe(stem));

  test("leaves alone what is no English word in lower case", () => {
    for (const word of ["überweisungen", "b12", "ÄRZTE", "карты", "", "is"])
      expect(porterStem(word)).toBe(word);
  });

  test("never makes a word longer, nor empty", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const stem = porterStem(word);
        expect(stem.length).toBeGreaterThan(0);
        expect(stem.length).toBeLessThanOrEqual(word.length);
      }),
    );
  });
});
