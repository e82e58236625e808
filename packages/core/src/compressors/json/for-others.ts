/** What other kinds use of this one: those that read something else, and show it as JSON is shown. */
export { encodeDocument, renderPlan } from "./encode.ts";
export { decodeInSteps } from "./form.ts";
export type { Selection } from "./select/found.ts";
export { originalUnits } from "./select/original.ts";
export { viewOf } from "./view.ts";
