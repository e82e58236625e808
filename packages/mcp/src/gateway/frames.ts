/**
 * Cuts a stream into frames: JSON-RPC messages, each ended by a line feed. No byte is changed, added or dropped.
 *
 * A frame longer than the limit is handed on in pieces as it comes, so that memory stays bounded.
 */

export type Frame =
  /** A whole frame with its line feed. */
  | { readonly whole: Buffer; readonly piece?: undefined }
  /** A part of a frame that is too long, or that the stream broke off in. The last one ends the frame. */
  | { readonly piece: Buffer; readonly isLast: boolean; readonly whole?: undefined };

const LINE_FEED = 10;

export async function* framesOf(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Frame, void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isTooLong = false;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found < 0 ? bytes.length : found + 1;
      const part = bytes.subarray(at, end);
      at = end;
      const isEnd = found >= 0;
      if (!isTooLong && heldBytes + part.length > maxBytes) {
        isTooLong = true;
        for (const piece of held) yield { piece, isLast: false };
        held = [];
        heldBytes = 0;
      }
      if (isTooLong) {
        yield { piece: part, isLast: isEnd };
        isTooLong = !isEnd;
      } else if (isEnd) {
        yield { whole: held.length === 0 ? part : Buffer.concat([...held, part]) };
        held = [];
        heldBytes = 0;
      } else {
        held.push(part);
        heldBytes += part.length;
      }
    }
  }
  if (held.length > 0) yield { piece: Buffer.concat(held), isLast: true };
}
