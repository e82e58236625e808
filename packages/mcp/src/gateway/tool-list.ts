/** `headroom_retrieve` among the tools of another server. */
import { retrieveToolSpec } from "@headroom/core";
import { isRecord, type UnknownRecord } from "@headroom/core/kit";

export interface ListChanges {
  /** Our tool stands behind the last one. */
  readonly addsOurs: boolean;
  /** Output schemas go away. */
  readonly takesSchemas: boolean;
}

export class ToolList {
  /** Names that the server has listed at any time: ours must not change back and forth. */
  readonly #names = new Set<string>();
  #isOffered = false;

  /** The name of our tool. It ends as the usual one does, by which other parts of Headroom know it. */
  get name(): string {
    const { name } = retrieveToolSpec;
    if (!this.#names.has(name)) return name;
    for (let at = 1; ; at++) {
      const other = `gateway${at === 1 ? "" : at}_${name}`;
      if (!this.#names.has(other)) return other;
    }
  }

  /** Whether the client knows our tool: until then nothing may be left out of results. */
  get isOffered(): boolean {
    return this.#isOffered;
  }

  /** A client can know it from an earlier process. */
  markOffered(): void {
    this.#isOffered = true;
  }

  /** The result of `tools/list` as the client gets it; the same object for one that is no such result. */
  changed(result: UnknownRecord, { addsOurs, takesSchemas }: ListChanges): UnknownRecord {
    const { tools, nextCursor } = result;
    if (!Array.isArray(tools)) return result;
    for (const tool of tools)
      if (isRecord(tool) && typeof tool.name === "string") this.#names.add(tool.name);
    const listed: unknown[] = takesSchemas ? tools.map(schemaTaken) : tools;
    // A tool on a later page may have the name of ours.
    const isAdded = addsOurs && (nextCursor === undefined || nextCursor === null);
    if (isAdded) this.#isOffered = true;
    return { ...result, tools: isAdded ? [...listed, this.#own()] : listed };
  }

  #own(): UnknownRecord {
    const { description, inputSchema } = retrieveToolSpec;
    const { name } = this;
    const isOther = name !== retrieveToolSpec.name;
    return {
      name,
      title: "Read what was left out",
      description: isOther
        ? `${description} Use this tool where a text of this server says ${retrieveToolSpec.name}.`
        : description,
      inputSchema,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    };
  }
}

function schemaTaken(tool: unknown): unknown {
  if (!isRecord(tool) || tool.outputSchema === undefined) return tool;
  const { outputSchema: _, ...rest } = tool;
  return rest;
}
