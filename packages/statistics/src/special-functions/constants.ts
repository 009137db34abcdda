/** ln(2 pi) / 2 */
export const HALF_LN_TWO_PI = 0.9189385332046728;
/** Terms below this part of a sum no longer change it. */
export const EPSILON: number = 2 ** -53;
