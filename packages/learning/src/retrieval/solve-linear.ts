/**
 * The solution of A·x = b for a symmetric positive definite A, by Cholesky's decomposition; A is overwritten.
 * @param matrix rows one after the other, n × n
 * @throws RangeError when A is not positive definite
 */
export function solvePositiveDefinite(matrix: Float64Array, right: readonly Float64Array[]): Float64Array[] {
  const n = Math.round(Math.sqrt(matrix.length));
  const at = (row: number, column: number): number => matrix[row * n + column] as number;
  for (let column = 0; column < n; column += 1) {
    let diagonal = at(column, column);
    for (let k = 0; k < column; k += 1) diagonal -= at(column, k) ** 2;
    if (!(diagonal > 0)) throw new RangeError("The matrix is not positive definite.");
    const root = Math.sqrt(diagonal);
    matrix[column * n + column] = root;
    for (let row = column + 1; row < n; row += 1) {
      let value = at(row, column);
      for (let k = 0; k < column; k += 1) value -= at(row, k) * at(column, k);
      matrix[row * n + column] = value / root;
    }
  }
  return right.map((given) => {
    const x = Float64Array.from(given);
    for (let row = 0; row < n; row += 1) {
      let value = x[row] as number;
      for (let k = 0; k < row; k += 1) value -= at(row, k) * (x[k] as number);
      x[row] = value / at(row, row);
    }
    for (let row = n - 1; row >= 0; row -= 1) {
      let value = x[row] as number;
      for (let k = row + 1; k < n; k += 1) value -= at(k, row) * (x[k] as number);
      x[row] = value / at(row, row);
    }
    return x;
  });
}
