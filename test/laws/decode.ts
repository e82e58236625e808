/** Reads a compressed transcript back: from what was sent alone, in its order, as a reader would. */
import { findMarkers, stripMarker } from "@headroom/core";
import { adapterFor, defaultAdapters } from "../../packages/core/src/messages/index.ts";
import { Repeats, rememberedDocuments } from "../../packages/core/src/repeat/stage.ts";
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
  const { blocks, calls } = readTranscript(messages, adapters, estimate);
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
    if (text !== undefined)
      repeats.add(
        { ...placed, block: { ...block, text } },
        { text: sent, form: { kind, lossless: true } },
        expanded?.visible ? { visible: expanded.visible } : undefined,
      );
    return { ...place, text };
  });
}

/** The text of which a body is the form, or has a form in place of a part. */
function partIn(body: string, given: readonly Given[]): string | undefined {
  const whole = given.find((one) => one.form === body && one.isExact());
  if (whole) return whole.part;
  const within = given.find((one) => body.includes(one.form) && one.isExact());
  if (!within) return undefined;
  const { part, form } = within;
  const at = body.indexOf(form);
  const rest = body.slice(at + form.length);
  // A part that ended its line still does.
  const isClosed = part.endsWith("\n") && !form.endsWith("\n") && rest.startsWith("\n");
  return body.slice(0, at) + part + (isClosed ? rest.slice(1) : rest);
}
