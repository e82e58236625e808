/**
 * Who gets structured results.
 *
 * Some agents show their model the JSON of `structuredContent` in place of the text: line breaks become `\n`, quotes `\"`, and a file
 * of source code has a sixth more tokens than the text itself. They get the text alone, and tools without an `outputSchema`, which
 * would demand the other. See docs/decisions/2026-11-28-structured-results.md.
 */
const TEXT_ONLY: readonly string[] = ["claude-code", "codex-mcp-client", "codex"];

/** @param name what the client calls itself, or its `User-Agent` */
export function takesStructured(name: string): boolean {
  const [program = ""] = name.toLowerCase().split(/[/\s]/, 1);
  return !TEXT_ONLY.includes(program);
}
