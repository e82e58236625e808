/** Where this package gets its instances; `@headroom/ai-sdk/estimate` is built with `create-headroom-estimate.ts` in its place. */
export { createHeadroom } from "@headroom/core";
