/** Thrown for every input that has no meaning; `argument` names the input and the message says what to pass instead. */
export class InvalidArgument extends RangeError {
  readonly argument: string;

  constructor(argument: string, requirement: string, received: unknown) {
    super(`${argument} must be ${requirement}, received ${describe(received)}`);
    this.name = "InvalidArgument";
    this.argument = argument;
  }

  /** True also for an instance that another copy of this package made. */
  static isInstance(error: unknown): error is InvalidArgument {
    return error instanceof Error && error.name === "InvalidArgument" && "argument" in error;
  }
}

function describe(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
}

/** A finite number. */
export function requireFinite(argument: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidArgument(argument, "a finite number", value);
}

/** A finite number > 0. */
export function requirePositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new InvalidArgument(argument, "a finite number above 0", value);
}

/** A finite number >= 0. */
export function requireNonNegative(argument: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new InvalidArgument(argument, "a finite number of at least 0", value);
  }
}

/** A whole number >= `minimum`. */
export function requireCount(argument: string, value: number, minimum = 0): void {
  if (!(Number.isSafeInteger(value) && value >= minimum)) {
    throw new InvalidArgument(argument, `a whole number of at least ${minimum}`, value);
  }
}

/** 0 < value < 1. */
export function requireOpenUnit(argument: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new InvalidArgument(argument, "between 0 and 1, both excluded", value);
}

/** 0 <= value <= 1. */
export function requireUnit(argument: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new InvalidArgument(argument, "between 0 and 1", value);
}
