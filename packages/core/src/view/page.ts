import type { Statement } from "../types/statement.ts";

/** The lines of a view as they are written, with what is said in them. */
export class Page {
  readonly lines: string[] = [];
  readonly statements: Statement[] = [];

  /** A sentence on a line of its own. */
  say(statement: Statement): void {
    this.lines.push(statement.text);
    this.statements.push(statement);
  }
}
