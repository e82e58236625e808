/** What a form asks for, in words: `[text q "Search"]`. */
import { type Element, isText } from "./tree.ts";

/** Choices of a list that are named. */
const MAX_CHOICES = 12;

/** An element of a form as text; empty for other elements. */
export function fieldOf(element: Element): string {
  const { tag, attributes } = element;
  if (tag === "form") {
    const action = attributes.get("action");
    return action ? `[form ${(attributes.get("method") ?? "get").toUpperCase()} ${action}]` : "";
  }
  if (tag === "input") {
    const type = attributes.get("type")?.toLowerCase() ?? "text";
    if (type === "hidden") return "";
    const isChecked = attributes.has("checked") ? "checked" : undefined;
    return bracketed(type, nameOf(element), isChecked, quoted(shownValue(element)));
  }
  if (tag === "textarea") return bracketed(tag, nameOf(element), quoted(wordsOf(element)));
  if (tag === "select") {
    const choices = choicesOf(element);
    const more = choices.length > MAX_CHOICES ? ` | and ${choices.length - MAX_CHOICES} more` : "";
    const named = choices.slice(0, MAX_CHOICES).join(" | ");
    return bracketed(tag, nameOf(element), named && `${named}${more}`);
  }
  if (tag === "button") return bracketed(tag, quoted(wordsOf(element) || shownValue(element)));
  return "";
}

/** What can be chosen, in groups or not, with what is chosen already. */
function choicesOf(list: Element): readonly string[] {
  return list.children.flatMap((node) => {
    if (isText(node)) return [];
    if (node.tag === "optgroup") return choicesOf(node);
    if (node.tag !== "option") return [];
    return [`${wordsOf(node)}${node.attributes.has("selected") ? " (selected)" : ""}`];
  });
}

function bracketed(...words: readonly (string | undefined)[]): string {
  return ` [${words.filter((word) => word !== undefined && word !== "").join(" ")}] `;
}

function nameOf({ attributes }: Element): string | undefined {
  return attributes.get("name") ?? attributes.get("id");
}

function shownValue({ attributes }: Element): string {
  const names = ["value", "placeholder", "aria-label", "alt", "title"];
  return names.map((name) => attributes.get(name) ?? "").find((value) => value !== "") ?? "";
}

function quoted(text: string): string | undefined {
  return text === "" ? undefined : `"${text}"`;
}

/** The text in an element. */
function wordsOf(element: Element): string {
  const words: string[] = [];
  const read = (from: Element): void => {
    for (const node of from.children) {
      if (isText(node)) words.push(node.text);
      else read(node);
    }
  };
  read(element);
  return words.join(" ").replace(/\s+/g, " ").trim();
}
