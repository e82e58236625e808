/** The custom event that tells what a compression did. */
export { type CompressionEvent, compressionEvent } from "@headroom/core/kit";

/** Name of the custom event every compression dispatches; its data is a `CompressionEvent`. */
export const COMPRESSION_EVENT = "headroom_compression";
