/**
 * A log read again, for the check of what a view says about it: its lines as shown, and what stands in them.
 */
import { splitInSteps } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { codeOf, levelOf, statusOf } from "./levels.ts";
import { itemsOf } from "./long-line.ts";
import { viewOf } from "./view.ts";

/** Lines without colours, collectors' stamps and overwritten states. */
export const SHOWN_LINES = "lines as shown";
/** Followed by the index of a line. */
export const CHARACTERS_OF = "characters of ";
export const ITEMS_OF = "items of ";

export function* originalLog(text: string): Steps<OriginalUnits> {
  const { text: raw } = yield* splitInSteps(text);
  const { lines, stamps } = yield* viewOf(raw);
  return {
    values(of, field) {
      if (of.startsWith(CHARACTERS_OF))
        return new Array(lines[Number(of.slice(CHARACTERS_OF.length))]?.length ?? 0).fill(
          undefined,
        );
      if (of.startsWith(ITEMS_OF)) return itemsOf(lines[Number(of.slice(ITEMS_OF.length))] ?? "");
      if (of !== SHOWN_LINES) return undefined;
      switch (field) {
        case undefined:
          return lines;
        case "level":
          return lines.map(levelOf);
        case "code":
          return lines.map(codeOf);
        case "status":
          return lines.map(statusOf);
        case "stamp":
          return stamps;
        default:
          return undefined;
      }
    },
  };
}
