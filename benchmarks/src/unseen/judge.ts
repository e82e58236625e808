/** What compression makes of one captured output, and whether it is right. */
import type { Compressor } from "@headroom/core";
import { settle } from "@headroom/core/kit";
import { falseSentence } from "../../../packages/core/src/forms/check.ts";
import { type Measured, measure } from "../measure.ts";
import type { Subject } from "../subject.ts";
import type { Captured } from "./capture.ts";
import { hiddenFacts } from "./facts.ts";

export interface Judgement {
  readonly captured: Captured;
  readonly measured: Measured;
  /** Sentences of any view a compressor offered that are not true, and views that say nothing that could be checked. */
  readonly untrue: readonly string[];
  readonly hidden: readonly string[];
}

const PACE = { rest: () => undefined };

export async function judge(captured: Captured, subject: Subject): Promise<Judgement> {
  const { command, text } = captured;
  const untrue: string[] = [];
  const watching: Subject = {
    ...subject,
    compressors: () => subject.compressors().map((each) => checked(each, untrue)),
  };
  const sample = { name: command.run, text, needles: [], facts: {} };
  const measured = await measure(sample, watching);
  const { balanced } = measured;
  const hidden = balanced.decodes === false ? hiddenFacts(text, balanced.text) : [];
  return { captured, measured, untrue, hidden };
}

/** The compressor, with the sentences of its views checked whether they are used or not. */
function checked(compressor: Compressor, untrue: string[]): Compressor {
  if (!compressor.shorten) return compressor;
  return {
    ...compressor,
    async shorten(text, context) {
      const view = await settle(compressor.shorten?.(text, context), PACE);
      if (view === undefined) return undefined;
      if (view.statements === undefined) untrue.push(`${compressor.name} states nothing`);
      const original = await settle(compressor.original?.(text), PACE);
      const sentence = await settle(
        falseSentence(text, view, original, context.firstLine ?? 1),
        PACE,
      );
      if (sentence !== undefined) untrue.push(`${compressor.name}: ${sentence}`);
      return view;
    },
  };
}
