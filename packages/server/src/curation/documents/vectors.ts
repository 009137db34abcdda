/** The vector at length 1 as 32-bit floats, little-endian. A vector of no direction stays zero: it is like nothing. */
export function packVector(vector: readonly number[]): Buffer {
  const length = Math.hypot(...vector) || 1;
  const packed = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) packed.writeFloatLE(value / length, index * 4);
  return packed;
}

/** All vectors of a chunking in one piece: row after row. */
export interface VectorTable {
  ids: string[];
  keys: string[];
  dimension: number;
  values: Float32Array;
}

/** Puts packed vectors into one table; those of another dimension than the first are left out. */
export function tableOf(rows: readonly { id: string; chunk_key: string; vector: Uint8Array }[]): VectorTable {
  const bytes = rows[0]?.vector.byteLength ?? 0;
  const usable = rows.filter(({ vector }) => vector.byteLength === bytes);
  const dimension = bytes / 4;
  const values = new Float32Array(usable.length * dimension);
  for (const [row, { vector }] of usable.entries()) {
    const view = new DataView(vector.buffer, vector.byteOffset, vector.byteLength);
    for (let index = 0; index < dimension; index += 1)
      values[row * dimension + index] = view.getFloat32(index * 4, true);
  }
  return {
    ids: usable.map(({ id }) => id),
    keys: usable.map(({ chunk_key: key }) => key),
    dimension,
    values,
  };
}

export interface NearChunk {
  id: string;
  key: string;
  /** −1 to 1. */
  cosine: number;
}

/** The `limit` nearest by cosine, nearest first; none where the query has another dimension. Goes through all of them. */
export function nearest(table: VectorTable, query: readonly number[], limit: number): NearChunk[] {
  const { ids, keys, dimension, values } = table;
  if (query.length !== dimension || dimension === 0) return [];
  const length = Math.hypot(...query) || 1;
  const unit = Float32Array.from(query, (value) => value / length);
  const cosines = new Float32Array(ids.length);
  for (let row = 0, at = 0; row < ids.length; row += 1) {
    let sum = 0;
    for (let index = 0; index < dimension; index += 1, at += 1)
      sum += (values[at] as number) * (unit[index] as number);
    cosines[row] = sum;
  }
  // The limit's cosine is found by sorting copies of numbers, which is cheaper than sorting rows.
  const cut = cosines.length > limit ? (cosines.toSorted().at(-limit) as number) : -Infinity;
  const found: NearChunk[] = [];
  for (const [row, cosine] of cosines.entries())
    if (cosine >= cut) found.push({ id: ids[row] as string, key: keys[row] as string, cosine });
  return found
    .toSorted((one, other) => other.cosine - one.cosine || (one.key < other.key ? -1 : 1))
    .slice(0, limit);
}
