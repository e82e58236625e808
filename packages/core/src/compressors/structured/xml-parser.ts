/** The part of `htmlparser2` that is used. A bundler takes only that from a static import, and everything from a dynamic one. */
export { Parser } from "htmlparser2";
