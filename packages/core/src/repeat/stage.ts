/**
 * The stage between protection and forms: keeps what the model has seen so far, and says what is left of a block.
 *
 * Visible as they stand are texts that were not changed, what the assistant wrote in arguments of its calls, the contents of numbered
 * reads with sparse numbers, and the lines between references. Of another lossless form, those lines are visible that stand in it as they
 * are, and the text can be named as a whole. A view shows nothing that could be referred to, and nothing refers to system prompts.
 */
import type { Changed, PlacedBlock, Unchanged } from "../block.ts";
import { isReadByCode } from "../messages/read-by-code.ts";
import type { PlacedCall } from "../transcript.ts";
import type { ToolCall } from "../types/message.ts";
import type { Form } from "../types/runner.ts";
import { clip } from "./call-texts.ts";
import { type Document, isComparable, linesShown, MIN_LINES } from "./document.ts";
import type { Documents } from "./documents.ts";
import { REPEAT_KIND } from "./kind.ts";
import { labelOf } from "./reference.ts";
import { type Expanded, expand, type Rest, restOf, restOfChanges, restOfSame } from "./rewrite.ts";
import { Seen, type Sight } from "./seen.ts";

/** The kind of a numbered read: its lines stand there as they are. */
const READ_KIND = "read";
/** A diff may be this much longer than references: it also says what is no longer there. */
const PREFERRED_DIFF = 1.15;
/** Characters. Of a shorter text nothing is left out: it has not the tokens of `MIN_VIEW_TOKENS`, or hardly. */
const MIN_SHORTENED = 5_000;
/** Changes since a text that is shown shortened are preferred to references only where they are this much shorter. */
const SMALLER_CHANGES = 0.5;

/** What is sent in place of a text, as far as it matters here. */
export type Sent =
  | Pick<Unchanged, "carriesMarker" | "insteadOfView" | "text">
  | (Pick<Changed, "insteadOfView" | "text"> & {
      readonly form: Pick<Form, "kind" | "lossless">;
      /** It has grown old: next to nothing of it is shown. */
      readonly isOld?: boolean;
    });

export class Repeats {
  readonly #seen = new Seen();
  readonly #calls: readonly PlacedCall[];
  readonly #documents: Documents;
  readonly #sent: (() => void)[] = [];
  #heard = 0;

  /** @param calls of the whole transcript, in order */
  constructor(calls: readonly PlacedCall[], documents: Documents) {
    this.#calls = calls;
    this.#documents = documents;
  }

  /**
   * What is left of a block when what stands above is named; `undefined` where nothing of it does.
   *
   * @param mayShorten whether something may be left out of the block
   */
  restOf(placed: PlacedBlock, mayShorten: boolean): Rest | undefined {
    this.#catchUp(placed.message);
    if (this.#seen.isEmpty) return undefined;
    const rest = this.#restOfShown(placed);
    if (!mayShorten || placed.block.text.length < MIN_SHORTENED) return rest;
    const changes = this.#changesSinceView(placed);
    if (!changes || !rest) return changes ?? rest;
    const isSmaller = changes.text.length <= SMALLER_CHANGES * rest.text.length;
    return isSmaller ? { ...changes, whole: rest } : rest;
  }

  #restOfShown(placed: PlacedBlock): Rest | undefined {
    const { text } = placed.block;
    const document = this.#documentOf(text);
    const rest = restOf(text, document, this.#seen);
    if (!document || (rest && !rest.visible)) return rest;
    const changes = this.#changesSince(this.#nameOf(placed), document);
    if (!changes || !rest) return changes ?? rest;
    return changes.text.length <= PREFERRED_DIFF * rest.text.length ? changes : rest;
  }

  /** What changed since the last text of the same call that a reader can compare with. */
  #changesSince(label: string, document: Document): Rest | undefined {
    const base = this.#seen.latest(label).find(({ isWhole, visible, document: other }) =>
      // Nobody should have to piece a file together from differences of differences.
      document.numbers ? other !== undefined && visible === undefined : other && isWhole,
    );
    const difference = base?.document && this.#documents.difference(base.document, document);
    return base && difference && restOfChanges(difference, base, this.#seen);
  }

  /** What changed since the last text of the same call, where that one is shown shortened. */
  #changesSinceView(placed: PlacedBlock): Rest | undefined {
    const label = this.#nameOf(placed);
    const [base] = this.#seen.latest(label);
    if (!base?.shortened) return undefined;
    const { text } = placed.block;
    if (base.text === text) return { ...restOfSame(text, base, this.#seen), isShortened: true };
    const [before, document] = [base.shortened(), this.#documentOf(text)];
    const difference = before && document && this.#documents.difference(before, document);
    return difference && { ...restOfChanges(difference, base, this.#seen), isShortened: true };
  }

  /** The text that a rest stands for where the block stands. */
  expand(rest: string, { message }: Pick<PlacedBlock, "message">): Expanded | undefined {
    this.#catchUp(message);
    return expand(rest, this.#seen);
  }

  /** Takes note of what becomes of a block. Has to be called for every block, in order. */
  add(placed: PlacedBlock, sent: Sent, rest: Pick<Rest, "visible"> | undefined): void {
    // Looked at when a later block asks: most requests end with the longest of their blocks.
    this.#sent.push(() => {
      const { role, text } = placed.block;
      // Instructions are not data, and a harness may send others next time. What a program reads the model has not seen.
      if (role === "system" || isReadByCode(placed.block)) return;
      this.#hearUpTo(placed.message);
      this.#seen.add(this.#nameOf(placed), { text, ...this.#sightOf(text, sent, rest) });
    });
  }

  #catchUp(message: number): void {
    for (const note of this.#sent.splice(0)) note();
    this.#hearUpTo(message);
  }

  #sightOf(text: string, sent: Sent, rest: Pick<Rest, "visible"> | undefined): Omit<Sight, "text"> {
    if (sent.insteadOfView) return { isWhole: false };
    if (sent.text === undefined)
      // What stands in a text that carries a marker is not what its tool said.
      return sent.carriesMarker
        ? { isWhole: false }
        : { isWhole: true, document: this.#documentOf(text) };
    if (!sent.form.lossless)
      return sent.isOld
        ? { isWhole: false }
        : { isWhole: false, shortened: () => this.#documentOf(text) };
    const { kind } = sent.form;
    if (kind === READ_KIND) return { isWhole: true, document: this.#documentOf(text) };
    const document = this.#documentOf(text);
    if (kind === REPEAT_KIND || kind === `${REPEAT_KIND}+${READ_KIND}`)
      return { isWhole: true, document, visible: rest?.visible ?? [] };
    const form = this.#documentOf(sent.text);
    return document && form
      ? { isWhole: true, document, visible: linesShown(document, form) }
      : { isWhole: true };
  }

  /** Takes in the calls of all messages before this one. */
  #hearUpTo(message: number): void {
    for (; this.#heard < this.#calls.length; this.#heard++) {
      const placed = this.#calls[this.#heard] as PlacedCall;
      if (placed.message >= message) return;
      this.#hear(placed.call);
    }
  }

  #hear(call: ToolCall): void {
    const { args, name } = call;
    if (args === undefined || args.length < MIN_LINES || isReadByCode(call)) return;
    const { argument, texts } = this.#documents.ofCall(args);
    for (const { key, ...text } of texts) this.#seen.add(labelOf(name, argument, key), text);
  }

  #nameOf({ block, call }: PlacedBlock): string {
    if (call) return labelOf(call.name, call.args && this.#documents.ofCall(call.args).argument);
    const { role, toolName, text } = block;
    return role === "tool" ? labelOf(toolName ?? role) : labelOf(`${role}-text`, clip(text));
  }

  #documentOf(text: string): Document | undefined {
    return isComparable(text) ? this.#documents.of(text) : undefined;
  }
}
