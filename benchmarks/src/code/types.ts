/** How much of a file of TypeScript is types, as its compiler reads it. */
import ts from "typescript-5";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The share of its characters, 0 to 1. */
export function typeShare({ path, text }: SourceFile): number {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  let types = 0;
  const visit = (node: ts.Node): void => {
    const isType =
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isEnumDeclaration(node);
    if (isType) types += node.end - node.getFullStart();
    else if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
  };
  file.statements.forEach(visit);
  return types / text.length;
}
