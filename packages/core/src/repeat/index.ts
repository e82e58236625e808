/** What is loaded with the first request whose transcript is searched for lines that stand above. */
export { rememberedDocuments } from "./documents.ts";
export { Repeats } from "./stage.ts";
