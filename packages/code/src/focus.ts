/** Which bodies stay: those of symbols that a question names. */
import type { Node } from "web-tree-sitter";

/** Says of functions and types whether they are shown whole. */
export interface Focus {
  keepsFunction(node: Node): boolean;
  keepsType(node: Node): boolean;
}

/** Characters of a question that are read. */
const MAX_QUERY = 8_000;
/** Shorter words of a question are seldom names. */
const MIN_WORD = 4;
/** Characters of a token, about. */
const TOKEN_CHARACTERS = 4;
/** Words of questions about code that name no symbol of it. */
const COMMON: ReadonlySet<string> = new Set(
  "about class code does explain file find from function have into line lines look make method read show test tests that there this update what when where which with would".split(
    " ",
  ),
);

/**
 * A name is meant where the question spells it, or has all of its parts: `parseRequest` by "how does it parse a request".
 *
 * @param budgetTokens what is only meant by its parts, and types, stay while they fit
 */
export function focusOn(query: string | undefined, budgetTokens: number): Focus {
  const names = new Set(query?.slice(0, MAX_QUERY).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
  const words = new Set([...names].flatMap(partsOf));
  let left = budgetTokens * TOKEN_CHARACTERS;
  const fits = (node: Node): boolean => {
    const size = node.endIndex - node.startIndex;
    if (size > left) return false;
    left -= size;
    return true;
  };
  const isSpelled = (name: string): boolean => {
    if (!names.has(name)) return false;
    return partsOf(name).length > 1 || (name.length >= MIN_WORD && !COMMON.has(name.toLowerCase()));
  };
  const isMeant = (name: string): boolean => {
    const parts = partsOf(name);
    if (parts.length > 1) return parts.every((part) => words.has(part));
    return (
      name.length >= MIN_WORD && words.has(name.toLowerCase()) && !COMMON.has(name.toLowerCase())
    );
  };
  const isNothing = names.size === 0;
  return {
    keepsFunction(node) {
      const name = isNothing ? undefined : nameOf(node);
      if (name === undefined) return false;
      return isSpelled(name) || (isMeant(name) && fits(node));
    },
    keepsType(node) {
      const name = isNothing ? undefined : nameOf(node);
      return name !== undefined && isSpelled(name) && fits(node);
    },
  };
}

/** `parse`, `http`, `request` of `parseHTTP_request`. */
export function partsOf(name: string): readonly string[] {
  const spaced = name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, "$1 ")
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, "$1 ");
  return spaced
    .toLowerCase()
    .split(/[\s_$]+/)
    .filter((part) => part !== "");
}

/** Where a name may stand: in the node, or in what the node is the value of. */
function nameOf(node: Node): string | undefined {
  let named = node.childForFieldName("name") ?? node.childForFieldName("declarator");
  if (!named) {
    const { parent } = node;
    for (const field of ["name", "key", "property", "left"])
      named ??= parent?.childForFieldName(field) ?? null;
  }
  // The declarators of C++ are nested: pointers, parameters, scopes.
  for (let depth = 0; named && depth < MAX_NESTED; depth++) {
    const inner: Node | null =
      named.childForFieldName("declarator") ??
      named.childForFieldName("name") ??
      named.childForFieldName("property");
    if (!inner) break;
    named = inner;
  }
  return named?.text.slice(0, MAX_NAME);
}

const MAX_NESTED = 8;
const MAX_NAME = 200;
