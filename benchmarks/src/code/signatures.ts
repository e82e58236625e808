/**
 * Which lines of a program are signatures of what others can use, read by those who know: the compiler of TypeScript and Python's own
 * parser. They know nothing of outlines.
 */
import ts from "typescript-5";
import { run } from "./inputs.ts";
import type { SourceFile } from "./types.ts";

/** Whole lines of signatures, in the order of the file. Comments in them do not count. */
export type Signatures = readonly string[];

/** Exported functions, classes with their public members, types and the heads of constants. */
export function typescriptSignatures({ path, text }: SourceFile): Signatures {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const rows: [first: number, last: number][] = [];
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line;
  const add = (node: ts.Node, end: number): void => {
    rows.push([lineOf(node.getStart(file)), lineOf(Math.max(node.getStart(file), end - 1))]);
  };
  const bodied = (node: ts.Node & { readonly body?: ts.Node | undefined }): void =>
    add(node, node.body ? node.body.getStart(file) + 1 : node.end);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node)) bodied(node);
    else if (ts.isClassDeclaration(node)) {
      add(node, node.members[0]?.getFullStart() ?? node.end - 1);
      for (const member of node.members) if (!isPrivate(member)) visitMember(member);
    } else if (
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isEnumDeclaration(node)
    )
      add(node, node.end);
    else if (ts.isVariableStatement(node))
      for (const one of node.declarationList.declarations) add(one, headOf(one));
  };
  const visitMember = (member: ts.ClassElement): void => {
    if (ts.isPropertyDeclaration(member))
      add(member, member.initializer ? headOf(member) : member.end);
    else if (
      ts.isMethodDeclaration(member) ||
      ts.isConstructorDeclaration(member) ||
      ts.isAccessor(member)
    )
      bodied(member);
  };
  /** Where the signature of what has a value ends: before the value, or in it where that is a function. */
  const headOf = (node: {
    readonly initializer?: ts.Expression | undefined;
    readonly end: number;
  }): number => {
    const { initializer } = node;
    if (initializer === undefined) return node.end;
    if (ts.isArrowFunction(initializer)) return initializer.equalsGreaterThanToken.end;
    return initializer.getStart(file);
  };
  for (const statement of file.statements) if (isExported(statement)) visit(statement);
  const lines = text.split("\n");
  const commented = commentLines(file, text);
  return rows.flatMap(([first, last]) =>
    lines
      .slice(first, last + 1)
      .filter((line, at) => line.trim() !== "" && !commented.has(first + at)),
  );
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function isPrivate(member: ts.ClassElement): boolean {
  if (member.name && ts.isPrivateIdentifier(member.name)) return true;
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
}

/** Lines with nothing but a comment, or a part of one. */
function commentLines(file: ts.SourceFile, text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const at of [node.getFullStart(), node.end])
      for (const range of [
        ...(ts.getLeadingCommentRanges(text, at) ?? []),
        ...(ts.getTrailingCommentRanges(text, at) ?? []),
      ]) {
        if (seen.has(range.pos)) continue;
        seen.add(range.pos);
        const { line: first, character } = file.getLineAndCharacterOfPosition(range.pos);
        const before = text.slice(range.pos - character, range.pos);
        const last = file.getLineAndCharacterOfPosition(range.end).line;
        for (let line = before.trim() === "" ? first : first + 1; line <= last; line++)
          lines.add(line);
      }
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return lines;
}

/** Every function, method and class that is not within a function. */
const PYTHON = `
import ast, json, sys
def rows(text):
    found = []
    lines = text.split("\\n")
    def add(node):
        inside = list(getattr(node, "bases", [])) + list(getattr(node, "keywords", []))
        if hasattr(node, "args"):
            a = node.args
            inside += a.posonlyargs + a.args + a.kwonlyargs + a.defaults + [d for d in a.kw_defaults if d] + [x for x in (a.vararg, a.kwarg) if x]
        if getattr(node, "returns", None): inside.append(node.returns)
        last = max([node.lineno] + [x.end_lineno or 0 for x in inside])
        for d in node.decorator_list: found.extend(lines[d.lineno - 1:d.end_lineno])
        found.extend(lines[node.lineno - 1:last])
    def visit(body):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): add(node)
            if isinstance(node, ast.ClassDef): visit(node.body)
    visit(ast.parse(text).body)
    return [line for line in found if line.strip() and not line.strip().startswith("#")]
out = []
for text in json.load(sys.stdin):
    try: out.append(rows(text))
    except SyntaxError: out.append(None)
print(json.dumps(out))`;

/** One list a file; `undefined` for what Python cannot read, and for all where there is no Python. */
export function pythonSignatures(
  files: readonly SourceFile[],
): readonly (Signatures | undefined)[] {
  const printed = run("python3", ["-c", PYTHON], JSON.stringify(files.map(({ text }) => text)));
  const found = printed ? (JSON.parse(printed) as readonly (Signatures | null)[]) : [];
  return files.map((_, at) => found[at] ?? undefined);
}

/** The first signature that an outline does not have behind the one before; `undefined` where it has all, in order. */
export function missingFrom(outline: string, signatures: Signatures): string | undefined {
  const lines = outline.split("\n");
  let at = 0;
  let before = "";
  for (const signature of signatures) {
    const next = lines.indexOf(signature, at);
    // Two parts of one line: its declarations.
    if (next < 0 && signature !== before) return signature;
    if (next >= 0) at = next + 1;
    before = signature;
  }
  return undefined;
}
