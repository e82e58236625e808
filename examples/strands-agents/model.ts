/** A model that does what a script says, so that the example runs without a provider. */
import { type Message, Model, type ModelStreamEvent } from "@strands-agents/sdk";

/** What the model says to the messages so far: words, or a call. */
export type Script = (messages: readonly Message[]) => string | { name: string; input: object };

export class ScriptedModel extends Model<{ modelId: string }> {
  readonly #script: Script;

  constructor(script: Script) {
    super();
    this.#script = script;
  }

  updateConfig(): void {}

  getConfig(): { modelId: string } {
    return { modelId: "scripted" };
  }

  async *stream(messages: Message[]): AsyncIterable<ModelStreamEvent> {
    const said = this.#script(messages);
    yield { type: "modelMessageStartEvent", role: "assistant" };
    if (typeof said === "string") {
      yield { type: "modelContentBlockStartEvent" };
      yield { type: "modelContentBlockDeltaEvent", delta: { type: "textDelta", text: said } };
    } else {
      const start = {
        type: "toolUseStart" as const,
        name: said.name,
        toolUseId: `call_${messages.length}`,
      };
      yield { type: "modelContentBlockStartEvent", start };
      const input = JSON.stringify(said.input);
      yield { type: "modelContentBlockDeltaEvent", delta: { type: "toolUseInputDelta", input } };
    }
    yield { type: "modelContentBlockStopEvent" };
    const stopReason = typeof said === "string" ? "endTurn" : "toolUse";
    yield { type: "modelMessageStopEvent", stopReason };
  }
}
