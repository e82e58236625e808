/**
 * Server-sent events, split by bytes: what is forwarded is what came, at whatever place it was cut on the way.
 *
 * Source: the WHATWG event stream format. Trap: a `\r` that ends an event may be followed by a `\n` in the next chunk; that
 * byte then leads the next event.
 */

/** One event with the bytes it came in, its blank line included. */
export interface SseEvent {
  readonly bytes: Uint8Array;
  readonly event?: string;
  /** Absent for comments, and for what was cut off at the end of the stream. */
  readonly data?: string;
}

const CR = 13;
const LF = 10;

/** @param reader cancelled when reading stops early; cancelled by others, the events end */
export async function* sseEvents(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<SseEvent> {
  let parts: Uint8Array[] = [];
  let lineIsEmpty = true;
  let afterCr = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      let start = 0;
      for (let at = 0; at < value.length; at++) {
        const byte = value[at];
        const closesCrLf = byte === LF && afterCr;
        afterCr = byte === CR;
        if (closesCrLf) continue;
        if (byte !== LF && byte !== CR) {
          lineIsEmpty = false;
          continue;
        }
        if (lineIsEmpty) {
          const end = byte === CR && value[at + 1] === LF ? at + 2 : at + 1;
          parts.push(value.subarray(start, end));
          yield parse(joined(parts));
          parts = [];
          start = end;
          if (end === at + 2) at++;
          afterCr = byte === CR && end === at + 1 && value[at] === CR;
        }
        lineIsEmpty = true;
      }
      if (start < value.length) parts.push(value.subarray(start));
    }
    if (parts.length > 0) yield { bytes: joined(parts) };
  } finally {
    // Where the stream was read to its end this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

function parse(bytes: Uint8Array): SseEvent {
  let event: string | undefined;
  const data: string[] = [];
  for (const line of new TextDecoder().decode(bytes).split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== "event" && field !== "data") continue;
    const rest = colon === -1 ? "" : line.slice(colon + 1);
    const value = rest.startsWith(" ") ? rest.slice(1) : rest;
    if (field === "event") event = value;
    else data.push(value);
  }
  return {
    bytes,
    ...(event === undefined ? {} : { event }),
    ...(data.length === 0 ? {} : { data: data.join("\n") }),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** An event as bytes. */
export function sseBytes(data: unknown, event?: string): Uint8Array {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return new TextEncoder().encode(`${name}data: ${JSON.stringify(data)}\n\n`);
}
