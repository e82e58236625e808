/** Compressing messages yourself: in `prepareStep`, or a UI history after `convertToModelMessages`. */
import type { Headroom } from "@headroom/core";
import { createHeadroom } from "./create-headroom.ts";
import { aiSdkMessages } from "./messages.ts";
import type { HeadroomAiSdkOptions } from "./options.ts";

export interface CompressModelMessagesOptions extends HeadroomAiSdkOptions {
  readonly signal?: AbortSignal;
}

/**
 * The messages with their tool results compressed; those that did not change are the same objects. Doing it twice changes
 * nothing more, so it may run on its own output, as `prepareStep` does in ai 7.
 *
 * With a store texts are shortened: offer `headroomTools({ store })`, or send them through the middleware. For many calls pass an
 * instance, `createHeadroom({ store, adapter: aiSdkMessages })`, which remembers what it has done. @throws InvalidOptionError
 */
export async function compressModelMessages<Message>(
  messages: readonly Message[],
  options: CompressModelMessagesOptions | Headroom = {},
): Promise<Message[]> {
  const headroom =
    "compress" in options ? options : createHeadroom({ ...options, adapter: aiSdkMessages });
  return (await headroom.compress(messages)).messages;
}
