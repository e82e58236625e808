/** Regions of a page that are not its content: navigation, what stands on every page of a site, what a browser does not show. */
import type { Element } from "./tree.ts";

const TAGS: ReadonlySet<string> = new Set(["nav", "menu"]);
const ROLES: ReadonlySet<string> = new Set([
  "navigation",
  "banner",
  "contentinfo",
  "menu",
  "menubar",
  "dialog",
]);
const NAME =
  /(?:^|[\s_-])(?:nav|navbar|navigation|menu|menubar|sidebar|breadcrumbs?|footer|cookies?|skip|share|sharing|social|pagination|pager|navheader|navfooter)(?:$|[\s_-])/i;
/** Characters of `class` and `id` that are looked at. */
const MAX_NAME = 300;
/** Of the text of a region that has such a name, so much is links. */
const LINKS = 0.5;

/** Whether an element is navigation or the like. */
export function isBoilerplate(element: Element): boolean {
  const { tag, attributes, characters, linkCharacters } = element;
  if (TAGS.has(tag) || ROLES.has(attributes.get("role") ?? "")) return true;
  const isOfLinks = linkCharacters >= characters * LINKS;
  if (tag === "footer") return isOfLinks || characters < MAX_FOOTER;
  const names = `${attributes.get("class") ?? ""} ${attributes.get("id") ?? ""}`.slice(0, MAX_NAME);
  return isOfLinks && NAME.test(names);
}

/** Characters. A longer footer says more than whose page it is. */
const MAX_FOOTER = 400;

/** Whether a browser does not show an element. */
export function isHidden({ attributes }: Element): boolean {
  if (attributes.has("hidden") || attributes.get("aria-hidden") === "true") return true;
  const style = attributes.get("style");
  return style !== undefined && HIDDEN.test(style);
}

const HIDDEN = /(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)/i;
