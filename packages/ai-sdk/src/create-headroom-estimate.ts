/** Instances without vocabularies, in place of `create-headroom.ts`; this package always brings its adapter. */
export { createBareHeadroom as createHeadroom } from "@headroom/core/kit";
