/** What says something about sessions and changes nothing. Instances load it when they are asked. */
export { costOf } from "./cost.ts";
export { stabilityOf } from "./stability.ts";
