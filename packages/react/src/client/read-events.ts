/** One Server-Sent Event with JSON data. */
export interface StreamedEvent {
  id: string;
  event: string;
  data: unknown;
}

function parse(block: string): StreamedEvent | undefined {
  const fields = { id: "", event: "message", data: "" };
  for (const line of block.split("\n")) {
    const match = /^(id|event|data): ?(.*)$/.exec(line);
    if (match === null) continue;
    const [, name, value = ""] = match;
    if (name === "data") fields.data += fields.data === "" ? value : `\n${value}`;
    else fields[name as "id" | "event"] = value;
  }
  return fields.data === ""
    ? undefined
    : { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
}

/** The events of a `text/event-stream` body; comments are skipped, what is cut off at the end is dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += decoder.decode(value, { stream: true }).replaceAll("\r", "");
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parse(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
