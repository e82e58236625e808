/** Which counter counts for a model. It loads none, so that bundles without vocabularies can ask. */
import { CLAUDE_FACTOR, NEW_CLAUDE_FACTOR } from "./calibrated.ts";

/** Names `loadCounter` accepts. */
export type CounterName = "o200k_base" | "cl100k_base" | "claude" | "gemini" | "estimate";

/** The same for models that `counterForModel` counts alike, and for no others; one of a handful of strings. */
export function counterKey(model?: string): string {
  const { name, factor = "" } = choiceFor(model);
  return `${name} ${factor}`;
}

/** The counter of a model, and the factor where it has several. */
export function choiceFor(model = ""): { readonly name: CounterName; readonly factor?: number } {
  const name = model.toLowerCase();
  const claude = name.indexOf("claude");
  if (claude !== -1) {
    const factor = hasNewClaudeTokenizer(name.slice(claude)) ? NEW_CLAUDE_FACTOR : CLAUDE_FACTOR;
    return { name: "claude", factor };
  }
  if (name.includes("gemini")) return { name: "gemini" };
  return { name: isOldGpt(name) ? "cl100k_base" : "o200k_base" };
}

/** `claude-opus-4-7` and later, `claude-sonnet-5`; not `claude-3-7-sonnet`, `claude-opus-4-20250514`. */
function hasNewClaudeTokenizer(name: string): boolean {
  const version = /^claude-[a-z]+-(\d{1,2})(?:[-.](\d{1,2}))?(?:\D|$)/.exec(name);
  if (version === null) return false;
  const major = Number(version[1]);
  return major > 4 || (major === 4 && Number(version[2] ?? 0) >= 7);
}

/** GPT-4 before 4o, and GPT-3.5. */
function isOldGpt(name: string): boolean {
  const bare = name.slice(name.lastIndexOf("/") + 1);
  return /^gpt-(?:3|4(?:$|-(?!o)))/.test(bare);
}
