/** `headroom_retrieve`: core's tool, as core describes it. */
import { readRetrieveRequest, retrieveToolSpec } from "@headroom/core";
import { answer, failure } from "../answer.ts";
import { objectOf } from "../schema.ts";
import { COUNT, HASH, READS, STRING, type Tool } from "./tool.ts";

export const retrieveTool: Tool = {
  name: retrieveToolSpec.name,
  title: "Get back what was left out",
  description: retrieveToolSpec.description,
  input: retrieveToolSpec.inputSchema,
  output: objectOf(
    {
      text: STRING,
      hash: HASH,
      unit: { type: "string", description: "What total counts" },
      total: COUNT,
      shown: { ...COUNT, description: "Characters served" },
      nextOffset: { ...COUNT, description: "Pass as offset to go on" },
      note: STRING,
    },
    ["text", "hash", "unit", "total", "shown"],
  ),
  annotations: READS,
  async run({ args, service, context }) {
    const result = await service.headroom.retrieve(readRetrieveRequest(args), {
      signal: context.mcpReq.signal,
    });
    service.served.retrievals++;
    if (!result.found) return failure(result.text);
    const { text, ref, unit, total, shown, nextOffset, note } = result;
    return answer([text], {
      text,
      hash: ref,
      unit,
      total,
      shown,
      ...(nextOffset === undefined ? {} : { nextOffset }),
      ...(note === undefined ? {} : { note }),
    });
  },
};
