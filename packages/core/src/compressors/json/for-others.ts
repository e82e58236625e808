/** What other kinds use of this one: those that read something else, and show it as JSON is shown. */
export { encodeDocument, renderPlan } from "./encode.ts";
export { decodeInSteps } from "./form.ts";
export { selectJson } from "./select/select.ts";
