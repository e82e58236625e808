/** The body of a request: read whole up to a limit, or passed on as it arrives. */
import type { IncomingMessage } from "node:http";
import { PassThrough, type Readable } from "node:stream";

/** A body that was read whole, or one that is too large for that. */
export type Body =
  | { readonly bytes: Buffer; readonly rest?: undefined }
  | { readonly bytes?: undefined; readonly rest: Readable };

/** Whether the client wants a request to go through as it is. */
export function isBypassed({ headers }: IncomingMessage): boolean {
  return (
    headers["x-headroom-bypass"]?.toString().toLowerCase() === "true" ||
    headers["x-headroom-mode"] === "passthrough"
  );
}

/** Ends a connection whose client stops in the middle of its request for so long; 0 waits for ever. */
export function limitSilence(request: IncomingMessage, milliseconds: number): void {
  if (milliseconds === 0 || request.complete) return;
  const { socket } = request;
  // The server destroys a socket whose time is over and that nobody listens for.
  socket.setTimeout(milliseconds);
  request.once("end", () => socket.setTimeout(0));
}

/** Bytes that are set aside for a body before it has come. */
const MOST_ALLOCATED = 1_048_576;

/** Rejects where the client leaves before its end. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const said = Number(request.headers["content-length"]);
  if (said > maxBytes) return { rest: request };
  // Written once where they belong. A client may say more than it sends: of what is not written no memory is taken.
  const whole = said <= MOST_ALLOCATED ? Buffer.allocUnsafeSlow(said) : undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  return await new Promise((resolve, reject) => {
    const stop = (): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", reject);
    };
    const onData = (chunk: Buffer): void => {
      if (whole) chunk.copy(whole, size);
      else chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      stop();
      request.pause();
      const rest = new PassThrough();
      for (const one of chunks) rest.write(one);
      request.pipe(rest);
      request.once("error", (error) => rest.destroy(error));
      resolve({ rest });
    };
    const onEnd = (): void => {
      stop();
      resolve({ bytes: whole ?? Buffer.concat(chunks, size) });
    };
    const onClose = (): void => {
      stop();
      reject(new Error("The client left before the end of its request."));
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", reject);
  });
}
