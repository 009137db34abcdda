/** What is wrong with a labelled file, in words for the person who wrote it. */
export class LabelledCsvError extends Error {
  override readonly name = "LabelledCsvError";
  /** Where the fault begins, from 1; undefined when it is the whole file. */
  readonly line: number | undefined;

  constructor(message: string, line?: number, options?: ErrorOptions) {
    super(line === undefined ? message : `Line ${line}: ${message}`, options);
    this.line = line;
  }
}
