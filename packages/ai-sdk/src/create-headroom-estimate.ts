/** Instances without vocabularies, in place of `create-headroom.ts`. */
export { createHeadroom } from "@headroom/core/estimate";
