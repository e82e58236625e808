/** Instances that have everything: the kinds of content, adapters and parts that are built in, and exact token counters. */
import { allCompressors } from "./compressors/all.ts";
import { type Headroom, headroomWith } from "./headroom.ts";
import { ALL_PARTS } from "./loaders.ts";
import { defaultAdapters } from "./messages/index.ts";
import type { HeadroomOptions } from "./options.ts";
import { counterForModel } from "./tokens/index.ts";

/** Makes one configured instance. @throws InvalidOptionError for a wrong or unknown option */
export function createHeadroom(options: HeadroomOptions = {}): Headroom {
  return headroomWith(
    {
      counterFor: counterForModel,
      compressors: allCompressors,
      adapters: defaultAdapters,
      parts: ALL_PARTS,
    },
    options,
  );
}
