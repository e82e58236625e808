/** Which forms compressors gave, and whether a text is made of them: decoded here, and never believed on anyone's word. */
import type { Compressor } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { settle } from "@headroom/core/kit";
import { sameJson } from "./json-tokens.ts";

/** A form a compressor gave for a part of some block. */
export interface Given {
  readonly part: string;
  readonly form: string;
  /** Whether the form decodes to the part: to the same bytes, or the same JSON tokens. */
  isExact(): boolean;
}

/**
 * Compressors, with a note taken of every lossless form they offer.
 *
 * @param compressors @default the built-ins
 */
export function watched(
  given: Given[],
  compressors: readonly Compressor[] = defaultCompressors(),
): readonly Compressor[] {
  return compressors.map((compressor) => ({
    ...compressor,
    async encode(part, context) {
      const offered = await settle(compressor.encode(part, context));
      const forms = typeof offered === "string" ? [offered] : (offered ?? []);
      for (const form of forms) {
        let exact: boolean | undefined;
        const isExact = (): boolean => {
          exact ??= decodesTo(compressor, form, part);
          return exact;
        };
        given.push({ part, form, isExact });
      }
      return forms;
    },
  }));
}

function decodesTo(compressor: Compressor, form: string, part: string): boolean {
  const decoded = compressor.decode(form);
  if (decoded === undefined) return false;
  if (decoded === part) return true;
  return compressor.kind === "json" && sameJson(decoded, part);
}

/** Whether `body` is one of the given forms of `original`, or has some of them in place of their parts, each of which decodes. */
export function isMadeOf(original: string, body: string, given: readonly Given[]): boolean {
  const whole = given.filter(({ part, form }) => part === original && form === body);
  return whole.some((one) => one.isExact()) || isSpliced(original, body, given);
}

function isSpliced(original: string, body: string, given: readonly Given[]): boolean {
  let [at, to] = [0, 0];
  for (const { part, form, isExact } of given) {
    const found = original.indexOf(part, at);
    if (found === -1) continue;
    const replaced = original.slice(at, found) + form;
    if (!body.startsWith(replaced, to) || !isExact()) continue;
    at = found + part.length;
    to += replaced.length;
    // A part that ended its line still does.
    if (part.endsWith("\n") && !form.endsWith("\n") && body[to] === "\n") to++;
  }
  return original.slice(at) === body.slice(to);
}
