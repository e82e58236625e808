/** Property lists of Apple: XML that writes a map as keys and values in turn. */
import type { SourceEntry, SourceNode } from "./node.ts";
import { isJsonNumber } from "./scalar.ts";
import type { XmlElement, XmlText } from "./xml.ts";

/** The value of a property list; `undefined` where it is not written as one. */
export function plistValue(children: readonly (XmlElement | XmlText)[]): SourceNode | undefined {
  const [only] = children;
  return children.length === 1 && only !== undefined && !("text" in only)
    ? plistNode(only)
    : undefined;
}

/** It recurses as deep as elements stand in each other, which is bounded. */
function plistNode(element: XmlElement): SourceNode | undefined {
  const { name, attributes, firstLine, lastLine } = element;
  if (attributes.length > 0) return undefined;
  const elements: XmlElement[] = [];
  let text = "";
  for (const child of element.children)
    if ("text" in child) text += child.text;
    else elements.push(child);
  switch (name) {
    case "dict":
      return text.trim() === "" ? mapOf(elements, firstLine, lastLine) : undefined;
    case "array": {
      const items = elements.map(plistNode);
      if (text.trim() !== "" || items.includes(undefined)) return undefined;
      return { type: "list", items: items as SourceNode[], firstLine, lastLine };
    }
    case "true":
    case "false":
      return { type: "literal", text: name, firstLine, lastLine };
    case "integer":
    case "real":
      return { type: isJsonNumber(text) ? "literal" : "text", text, firstLine, lastLine };
    case "string":
    case "date":
    case "data":
      return elements.length > 0 ? undefined : { type: "text", text, firstLine, lastLine };
    default:
      return undefined;
  }
}

function mapOf(
  elements: readonly XmlElement[],
  firstLine: number,
  lastLine: number,
): SourceNode | undefined {
  const entries: SourceEntry[] = [];
  for (let at = 0; at + 1 < elements.length; at += 2) {
    const key = elements[at] as XmlElement;
    const [name] = key.children;
    const value = plistNode(elements[at + 1] as XmlElement);
    if (key.name !== "key" || key.children.length > 1 || value === undefined) return undefined;
    if (name !== undefined && !("text" in name)) return undefined;
    entries.push({ key: name?.text ?? "", value: { ...value, firstLine: key.firstLine } });
  }
  return elements.length % 2 === 0 ? { type: "map", entries, firstLine, lastLine } : undefined;
}
