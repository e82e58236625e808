/** Which elements of a snapshot a view shows whatever its room, and in which order the others follow. */
import { rankByQuery } from "@headroom/core/kit";
import type { NodeLine } from "./node-line.ts";
import { INTERACTIVE, URGENT } from "./roles.ts";
import type { SnapshotTree } from "./tree.ts";

/** Lines besides the tree that are always shown, and the characters of each. */
const MAX_OTHERS = 40;
const MAX_OTHER = 400;
/** Characters. A longer text is one of many words, and comes after the others. */
const SHORT = 160;
/** Short texts that say that something is wrong, and how many of them are shown whatever the room. */
const TROUBLE =
  /\b(?:errors?|fail(?:ed|ure|s)?|invalid|required|denied|refused|expired|warning|unavailable|missing|blocked|overdue|not found)\b/i;
const MAX_TROUBLES = 24;
/** Lines around an input without a name, on which its label stands. */
const LABEL_LINES = 3;

export interface Wanted {
  /** By line: shown whatever the room. */
  readonly always: readonly boolean[];
  /** By line: it has words, and nothing that is always shown says them. */
  readonly speaks: readonly boolean[];
  /** Lines of the others that have words, those first that should be shown first. */
  readonly others: readonly number[];
}

export function isInteractive({ role, ref, attributes }: NodeLine): boolean {
  if (ref === "") return false;
  return INTERACTIVE.has(role) || attributes.some((each) => each.includes("cursor=pointer"));
}

/** What an element says; empty where it holds others only. */
export function wordsOf({ role, name, value }: NodeLine): string {
  if (role.startsWith("/")) return "";
  return value === "" ? name.slice(1, -1) : name === "" ? value : `${name.slice(1, -1)} ${value}`;
}

export function wantedOf(
  { lines, nodes, parents }: SnapshotTree,
  query: string | undefined,
): Wanted {
  const always: boolean[] = [];
  const speaks: boolean[] = [];
  /** By line: everything in it is shown, because it has no name of its own. */
  const isOpen: boolean[] = [];
  /** By line: the name of the element around it that can be clicked. */
  const names: string[] = [];
  let others = 0;
  let troubles = 0;
  /** What stands above the tree says which page it is of. */
  const start = nodes.findIndex((node) => node !== undefined && node.ref !== "");
  for (const [at, node] of nodes.entries()) {
    const parent = parents[at] ?? -1;
    if (node === undefined || at < start) {
      const line = lines[at] ?? "";
      // An element that is written in an unknown way can be clicked too.
      const isElement = line.includes("ref=") || line.includes("uid=");
      if (!isElement) others++;
      always.push(isElement || (others <= MAX_OTHERS && line.length <= MAX_OTHER));
      speaks.push((lines[at] ?? "").trim() !== "");
      isOpen.push(false);
      names.push("");
      continue;
    }
    const words = wordsOf(node);
    const acts = isInteractive(node);
    const around = parent >= 0 ? (names[parent] ?? "") : "";
    const inOpen = parent >= 0 && isOpen[parent] === true;
    const isKnown =
      (around !== "" && around.includes(words.replaceAll(/^"|"$/g, ""))) ||
      (!acts && [at - 1, at + 1].some((beside) => isNamed(nodes[beside], words)));
    const acting = acts || node.role === "heading" || URGENT.has(node.role);
    const isProperty = node.role.startsWith("/") && node.role !== "/url" && always[parent] === true;
    const isSelected = node.attributes.some((each) => each === "[selected]" || each === "selected");
    const isTrouble =
      !isKnown && words.length <= SHORT && TROUBLE.test(words) && ++troubles <= MAX_TROUBLES;
    always.push(acting || isSelected || isProperty || isTrouble || (inOpen && words !== ""));
    speaks.push(words !== "" && !isKnown);
    isOpen.push(inOpen || URGENT.has(node.role) || (acting && words === ""));
    names.push(acts && words !== "" ? words : around);
  }
  for (const [at, node] of nodes.entries())
    if (node && isInteractive(node) && isNamelessInput(node)) labelled(at);
  return { always, speaks, others: ranked() };

  function labelled(input: number): void {
    for (let at = input - LABEL_LINES; at <= input + LABEL_LINES; at++) {
      const node = nodes[at];
      if (node && parents[at] === parents[input] && wordsOf(node) !== "") always[at] = true;
    }
  }

  function ranked(): readonly number[] {
    const found = [...nodes.keys()].filter((at) => !always[at] && speaks[at]);
    const texts = found.map((at) => lines[at] ?? "");
    const scores = query === undefined || query === "" ? [] : rankByQuery(query, texts);
    const classes = found.map((at) => {
      // A number beside the words of a link, for example.
      if (names[at] !== "") return 4;
      if (nodes[at]?.role === "option") return 2;
      return (lines[at] ?? "").length <= SHORT ? 1 : 3;
    });
    const order = [...found.keys()].sort(
      (a, b) =>
        (scores[b] ?? 0) - (scores[a] ?? 0) || (classes[a] ?? 0) - (classes[b] ?? 0) || a - b,
    );
    return order.map((index) => found[index] ?? 0);
  }
}

/** Whether an element that can be clicked or filled in is called so: its label stands beside it. */
function isNamed(node: NodeLine | undefined, words: string): boolean {
  return node !== undefined && isInteractive(node) && wordsOf(node) === words.trim();
}

function isNamelessInput({ role, name, value }: NodeLine): boolean {
  return name === "" && value === "" && role !== "link" && role !== "button";
}
