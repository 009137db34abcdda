/**
 * A text from outside (feedback, an input, an output) as data inside a prompt: a JSON string between tags. Angle
 * brackets are escaped, so the text can neither close the tags nor open others.
 */
export function quoteAsData(label: string, text: string): string {
  const tag = label.replace(/[^a-z0-9_]/giu, "_");
  const quoted = JSON.stringify(text.toWellFormed()).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  return `<${tag}>${quoted}</${tag}>`;
}
