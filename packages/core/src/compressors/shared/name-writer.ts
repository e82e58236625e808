/** Writes names into pieces of content. */
import type { Definition } from "../../notation/names.ts";
import { isNameEnd, isNameStart, MIN_LENGTH } from "./name-candidates.ts";
import { TextIndex } from "./text-index.ts";

/**
 * Writes names into a piece: the longest that fits wherever a word begins. The ends of a piece that is only a part of a line are
 * no places where a name can begin or end.
 */
export type NameWriter = (piece: string, isPart: boolean) => string;

export function nameWriter(definitions: readonly Definition[]): NameWriter {
  if (definitions.length === 0) return (piece) => piece;
  const index = new TextIndex(definitions);
  return (piece, isPart) => {
    const last = isPart ? piece.length - 1 : piece.length;
    let out = "";
    let done = 0;
    for (let at = isPart ? 1 : 0; at <= last - MIN_LENGTH; at++) {
      if (!isNameStart(piece, at) || !index.mayBegin(piece.charCodeAt(at))) continue;
      for (const { name, text } of index.at(piece, at)) {
        const end = at + text.length;
        if (end > last || !piece.startsWith(text, at) || !isNameEnd(piece, end)) continue;
        out += piece.slice(done, at) + name;
        done = end;
        at = end - 1;
        break;
      }
    }
    return done === 0 ? piece : out + piece.slice(done);
  };
}
