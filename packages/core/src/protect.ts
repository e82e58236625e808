/** Law 6, "hands off": decides which blocks may be changed, and says why the others may not. */
import type { PlacedBlock } from "./block.ts";
import { isRetrieveToolName } from "./ccr/tool.ts";
import { matchesGlob } from "./glob.ts";
import { isInstructionTool } from "./instructions.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Mode, ToolRule, ViewRule } from "./types/report.ts";

/** Errors up to this many tokens are never touched. */
const SMALL_ERROR_TOKENS = 2_000;
/** Longer texts pass through: a bound in work, the same on every machine. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** What may be done with a block. */
export type Verdict =
  | { readonly mode: Mode; readonly reason?: undefined }
  | { readonly reason: string; readonly carriesMarker?: true };

/**
 * The verdict on a block of `tokens` tokens.
 *
 * @param carriesOurs whether a text carries a marker that this instance can have issued
 */
export function protect(
  { block, direct }: PlacedBlock,
  tokens: number,
  options: ResolvedOptions,
  carriesOurs: (text: string) => boolean,
): Verdict {
  if (!direct && !options.roles.includes(block.role)) return { reason: `role ${block.role}` };
  if (block.keep !== undefined) return { reason: block.keep };
  if (isRetrieveToolName(block.toolName)) return { reason: "retrieval result" };
  const mode = modeOf(block.toolName, options);
  if (mode === "exclude") return { reason: `tool ${block.toolName} is excluded` };
  if (mode === "instructions") return { reason: `results of ${block.toolName} are instructions` };
  if (block.text.length > MAX_CHARACTERS) return { reason: `over ${MAX_CHARACTERS} characters` };
  if (carriesOurs(block.text)) return { reason: "carries a marker already", carriesMarker: true };
  if (!block.text.isWellFormed()) return { reason: "not well-formed Unicode" };
  if (tokens < options.minTokens)
    return { reason: `under minTokens (${tokens} < ${options.minTokens})` };
  if (block.isError && tokens <= SMALL_ERROR_TOKENS)
    return { reason: `error result of ${tokens} tokens` };
  return { mode };
}

/** The views that `tools` wants of a tool's results; `undefined` where it says a mode or nothing. */
export function viewsFor(
  toolName: string | undefined,
  tools: Readonly<Record<string, ToolRule>>,
): ViewRule | undefined {
  if (toolName === undefined) return undefined;
  const rule = Object.entries(tools).find(([pattern]) => matchesGlob(pattern, toolName))?.[1];
  return typeof rule === "object" ? rule : undefined;
}

function modeOf(
  toolName: string | undefined,
  options: ResolvedOptions,
): Mode | "exclude" | "instructions" {
  if (toolName === undefined) return options.mode;
  const isInstruction = isInstructionTool(toolName);
  for (const [pattern, mode] of Object.entries(options.tools)) {
    if (!matchesGlob(pattern, toolName)) continue;
    // Who says "all tools" does not speak of these.
    if (isInstruction && mode !== "exclude" && isWildcard(pattern)) continue;
    return typeof mode === "object" ? options.mode : mode;
  }
  return isInstruction ? "instructions" : options.mode;
}

function isWildcard(pattern: string): boolean {
  for (const char of pattern) if (char !== "*" && char !== "?") return false;
  return true;
}
