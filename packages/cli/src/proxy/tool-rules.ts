/** What `--tools` says of a tool's results, as core has it. */
import type { Mode, ToolRule } from "@headroom/core";

/** Besides modes: nothing is done, or source code is shown as an outline. */
export const OTHER_WORDS = ["exclude", "outline"] as const;

export type ToolWord = Mode | (typeof OTHER_WORDS)[number];

/** `undefined` where nothing is said. */
export function toolRules(
  tools: Readonly<Record<string, ToolWord>> | undefined,
): Readonly<Record<string, ToolRule>> | undefined {
  return (
    tools &&
    Object.fromEntries(
      Object.entries(tools).map(([name, word]) => [
        name,
        word === "outline" ? { code: "outline" } : word,
      ]),
    )
  );
}
