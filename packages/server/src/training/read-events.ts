/** An event of a stream as servers send it. */
export interface StreamedEvent {
  id: string;
  event: string;
  data: string;
}

/** The events of a `text/event-stream`, in whatever pieces it comes. One that is cut off is left out. */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamedEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let fields = new Map<string, string[]>();
  for await (const chunk of chunks) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        const data = fields.get("data");
        if (data !== undefined) {
          yield {
            id: lastOf(fields, "id") ?? "",
            event: lastOf(fields, "event") ?? "message",
            data: data.join("\n"),
          };
        }
        fields = new Map();
        continue;
      }
      const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      // What begins with a colon keeps the connection open and says nothing.
      if (name !== "") fields.set(name, [...(fields.get(name) ?? []), value]);
    }
  }
}

function lastOf(fields: ReadonlyMap<string, string[]>, name: string): string | undefined {
  return fields.get(name)?.at(-1);
}
