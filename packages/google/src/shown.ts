/**
 * What the caller sends back of a reply, without what hidden rounds showed him: that goes back to the model in its own turn.
 *
 * Text may come back in other pieces than it left in, and without thoughts.
 */
import { isRecord } from "@headroom/core/kit";
import type { Json } from "@headroom/core/wire";
import { partsOf } from "./turn.ts";

/** The contents of a reply without `shown` at their start; `undefined` where they do not start with it. */
export function withoutShown(
  contents: readonly unknown[],
  shown: readonly Json[],
): readonly Json[] | undefined {
  const parts = contents.map((content) => [...partsOf(content)]);
  for (const part of shown) if (!take(parts, part)) return undefined;
  return contents.flatMap((content, index) => {
    const rest = parts[index] ?? [];
    if (!isRecord(content)) return [];
    const own = partsOf(content);
    if (rest.length === own.length && rest[0] === own[0]) return [content];
    return rest.length > 0 ? [{ ...content, parts: rest }] : [];
  });
}

/** Takes a part from the start of what there is, in as many pieces as it is there. */
function take(parts: Json[][], wanted: Json): boolean {
  if (typeof wanted.text !== "string") {
    const first = parts.find(({ length }) => length > 0)?.shift();
    return first !== undefined && printed(first) === printed(wanted);
  }
  let missing = wanted.text;
  while (missing !== "") {
    const list = parts.find(({ length }) => length > 0);
    const part = list?.[0];
    if (!list || typeof part?.text !== "string" || (part.thought === true) !== isThought(wanted))
      return isThought(wanted) && missing === wanted.text;
    if (missing.startsWith(part.text)) {
      missing = missing.slice(part.text.length);
      list.shift();
    } else if (part.text.startsWith(missing)) {
      list[0] = { ...part, text: part.text.slice(missing.length) };
      return true;
    } else return false;
  }
  return true;
}

function isThought({ thought }: Json): boolean {
  return thought === true;
}

/** The SDK orders the keys of what it sends back. */
function printed(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
