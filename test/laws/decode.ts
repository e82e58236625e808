/** Reads a compressed transcript back: from what was sent alone, in its order, as a reader would. */
import { findMarkers, stripMarker } from "@headroom/core";
import { adapterFor, defaultAdapters } from "../../packages/core/src/messages/index.ts";
import { rememberedDocuments } from "../../packages/core/src/repeat/documents.ts";
import { Repeats } from "../../packages/core/src/repeat/stage.ts";
import { finish } from "../../packages/core/src/steps.ts";
import { readTranscript } from "../../packages/core/src/transcript.ts";
import type { Given } from "./forms.ts";
import { estimate } from "./instance.ts";

/** A text of the transcript, decoded. */
export interface Decoded {
  readonly message: number;
  readonly block: string;
  /** What stood there; `undefined` where it cannot be told. */
  readonly text: string | undefined;
}

/** @param given the forms of the kinds, which are proven on their own */
export function decoded(messages: readonly unknown[], given: readonly Given[]): readonly Decoded[] {
  const adapters = messages.map((message) => adapterFor(message, defaultAdapters));
  const { blocks, calls } = finish(readTranscript(messages, adapters, estimate));
  const repeats = new Repeats(calls, rememberedDocuments(1e8));
  const partOf = (body: string): string | undefined => partIn(body, given);
  return blocks.map((placed) => {
    const { block, message } = placed;
    const sent = block.text;
    const place = { message, block: block.id };
    if (findMarkers(sent)[0]?.start !== 0) {
      repeats.add(placed, {}, undefined);
      return { ...place, text: sent };
    }
    const kind = /^\[\[hr(?::[a-z]+)? ([a-z+-]+)/.exec(sent)?.[1] ?? "";
    const body = stripMarker(sent);
    const [first, ...inner] = kind.split("+");
    const expanded =
      first === "repeat"
        ? repeats.expand((inner.length === 0 ? body : partOf(body)) ?? "", placed)
        : { text: partOf(body), visible: undefined };
    const text = expanded?.text;
    // A view is counted among the texts of its call, and not referred to.
    repeats.add(
      { ...placed, block: { ...block, text: text ?? sent } },
      { text: sent, form: { kind, lossless: text !== undefined } },
      expanded?.visible ? { visible: expanded.visible } : undefined,
    );
    return { ...place, text };
  });
}

/** The text of which a body is the form, or has forms in place of some of its parts; `undefined` where no form is in it. */
function partIn(body: string, given: readonly Given[]): string | undefined {
  const whole = given.find((one) => one.form === body && one.isExact());
  if (whole) return whole.part;
  let text = "";
  let rest = body;
  for (;;) {
    const [first] = given
      .map((one) => ({ ...one, at: rest.indexOf(one.form) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.form.length - a.form.length);
    if (!first?.isExact()) return rest === body ? undefined : text + rest;
    const { part, form, at } = first;
    text += rest.slice(0, at) + part;
    rest = rest.slice(at + form.length);
    // A part that ended its line still does.
    if (part.endsWith("\n") && !form.endsWith("\n") && rest.startsWith("\n")) rest = rest.slice(1);
  }
}
