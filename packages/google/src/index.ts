export { type GoogleClient, type HeadroomGoogleOptions, withHeadroom } from "./client.ts";
