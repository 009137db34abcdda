/**
 * The root of an increasing function. `low` and `high` are a first guess of the bracket and are moved outwards until the
 * signs differ (NaN if they never do); then regula falsi with the Illinois weight, guarded by bisection, to the last digits.
 */
export function solveIncreasing(f: (x: number) => number, low: number, high: number): number {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  for (let step = b - a; fa > 0 && step < Infinity; step *= 2) {
    b = a;
    fb = fa;
    a -= step;
    fa = f(a);
  }
  for (let step = b - a; fb < 0 && step < Infinity; step *= 2) {
    a = b;
    fa = fb;
    b += step;
    fb = f(b);
  }
  return fa <= 0 && fb >= 0 ? refine(f, a, b, fa, fb) : Number.NaN;
}

function refine(
  f: (x: number) => number,
  left: number,
  right: number,
  fLeft: number,
  fRight: number,
): number {
  let [a, b, fa, fb] = [left, right, fLeft, fRight];
  for (let step = 0; step < 200; step++) {
    if (fa === 0) return a;
    if (fb === 0) return b;
    const secant = b - (fb * (b - a)) / (fb - fa);
    const x = step % 8 !== 7 && secant > a && secant < b ? secant : a + (b - a) / 2;
    if (x <= a || x >= b || b - a <= 2e-16 * Math.max(Math.abs(a), Math.abs(b))) return x;
    const fx = f(x);
    if (fx < 0) {
      a = x;
      fa = fx;
      fb = step % 2 === 0 ? fb : fb / 2;
    } else {
      b = x;
      fb = fx;
      fa = step % 2 === 0 ? fa : fa / 2;
    }
  }
  return a + (b - a) / 2;
}
