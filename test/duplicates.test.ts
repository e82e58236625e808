/**
 * A function stands once: no two files of the packages hold one of the same name that does the same.
 *
 * A red test here means: let one file import it from the other, from a shared folder of its package, or, across packages, from
 * `@headroom/core/kit`.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { expect, it } from "vitest";
import { root } from "./markdown.ts";

it("holds for every function of the packages", () => {
  const paths = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
    (path) => !path.endsWith(".test.ts"),
  );
  expect(paths.length).toBeGreaterThan(100);
  const files = paths.map((path): [string, string] => [
    path,
    readFileSync(join(root, path), "utf8"),
  ]);
  const found = standingTwice(files);
  expect(found.map(({ name, paths }) => `${name}: ${paths.join(", ")}`)).toEqual([]);
});

it("finds a planted one, however it is written and laid out", () => {
  const half = "function half(size: number): number {\n  // rounded\n  return size >> 1;\n}";
  const found = (other: string): readonly string[] =>
    standingTwice([
      ["a.ts", half],
      ["b.ts", other],
    ]).map(({ name }) => name);
  expect(found("export function half(size: bigint) { return size >> 1 }")).toEqual(["half"]);
  expect(found("export const half = (size: number): number => { return size >> 1; };")).toEqual([
    "half",
  ]);
  expect(found(`export function outer() { ${half} return half(2); }`)).toEqual(["half"]);
  expect(found("function half(size: number) { return size >> 2; }")).toEqual([]);
  expect(found("function middle(size: number) { return size >> 1; }")).toEqual([]);
  expect(found("function half(length: number) { return length >> 1; }")).toEqual([]);
});

interface Twice {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Functions with the same name and the same body in more than one file, methods apart: those have their names from a contract. */
function standingTwice(files: Iterable<readonly [path: string, source: string]>): Twice[] {
  const places = new Map<string, { readonly name: string; readonly paths: Set<string> }>();
  for (const [path, source] of files)
    for (const { name, body } of functionsOf(source)) {
      const key = `${name} ${body}`;
      const place = places.get(key) ?? { name, paths: new Set() };
      places.set(key, place);
      place.paths.add(path);
    }
  return [...places.values()]
    .filter(({ paths }) => paths.size > 1)
    .map(({ name, paths }) => ({ name, paths: [...paths] }));
}

interface Node {
  readonly type: string;
  readonly id?: { readonly name?: string };
  readonly init?: Node;
  readonly body?: unknown;
}

function functionsOf(source: string): { readonly name: string; readonly body: string }[] {
  const found: { name: string; body: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    const made = node.type === "VariableDeclarator" ? node.init : node;
    const isFunction = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
    if (made?.body && isFunction.test(made.type) && node.id?.name !== undefined)
      found.push({ name: node.id.name, body: textOf(made.body) });
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseAst(source, { lang: "ts" }));
  return found;
}

/** A tree without the places of its nodes: white space and comments make no difference. */
function textOf(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === "start" || key === "end") return undefined;
    return typeof value === "bigint" ? `${value}n` : value;
  });
}
