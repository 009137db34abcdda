/** The demo cannot go on, for a reason that its user understands and no stack explains. */
export class DemoError extends Error {
  override name = "DemoError";
}
