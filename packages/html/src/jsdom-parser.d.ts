/** The small DOM that comes with Readability, as far as it is used here. */
declare module "@mozilla/readability/JSDOMParser.js" {
  export interface DomElement {
    readonly attributes: readonly { readonly name: string; readonly value: string }[];
    getElementsByTagName(name: "*"): readonly DomElement[];
  }

  // biome-ignore lint/style/noDefaultExport: the module has one
  export default class JSDOMParser {
    parse(html: string, url?: string): never;
  }
}
