/** `headroom_read`: a text file in fewer tokens, nothing left out; read again, only what changed. */
import { parseRef } from "@headroom/core";
import { type InputRequiredResult, isInputRequiredResult } from "@modelcontextprotocol/server";
import { answer, ToolError } from "../answer.ts";
import { countCall, type Served } from "../context.ts";
import { type FileView, viewOf } from "../read/form.ts";
import { readText } from "../read/open-file.ts";
import { clientRoots, insideRoots } from "../read/roots.ts";
import { isTrue, objectOf, textIn } from "../schema.ts";
import { BOOLEAN, type Call, COUNT, HASH, READS, STRING, type Tool } from "./tool.ts";

const NAME = "headroom_read";

export const readTool: Tool = {
  name: NAME,
  title: "Read a file",
  description:
    "Reads a text file in fewer tokens, with nothing left out. A file that you have read before comes as a unified diff against what you read, or as unchanged; fresh: true gives all of it again, for when you no longer see it.",
  input: objectOf(
    {
      path: STRING,
      lines: { type: "string", description: 'Only these, from 1: "120-180,201"' },
      fresh: { type: "boolean" },
      since: {
        type: "string",
        description: "The version you have, where an answer named one",
      },
    },
    ["path"],
  ),
  output: objectOf(
    {
      path: STRING,
      form: { enum: ["whole", "compressed", "difference", "unchanged", "part"] },
      note: { type: "string", description: "What to know of text" },
      text: STRING,
      hash: HASH,
      complete: BOOLEAN,
      tokens: COUNT,
    },
    ["path", "form", "text", "hash", "complete", "tokens"],
  ),
  annotations: READS,
  async run(call) {
    const { args, service, connection, context } = call;
    const { signal } = context.mcpReq;
    const path = textIn(args, "path") ?? textIn(args, "file_path");
    if (path === undefined) throw new ToolError("headroom_read needs path: a file, as a string.");
    if (path.includes("\0")) throw new ToolError("A path has no NUL character in it.");
    const roots = rootsOf(call);
    if (isInputRequiredResult(roots)) return roots;
    const inside = await insideRoots(path, roots);
    const text = await readText(inside, signal);
    const lines = textIn(args, "lines");
    const isFresh = isTrue(args, "fresh");
    const named = textIn(args, "since");
    const since = named === undefined ? connection.seen.get(inside.real) : parseRef(named);
    const view = await viewOf(
      {
        text,
        shown: inside.shown,
        lines,
        since: isFresh ? undefined : since,
        namesVersion: !connection.lasts,
        signal,
      },
      service,
    );
    if (view.complete) connection.seen.set(inside.real, view.hash);
    count(service.served, view);
    const { form, head, hash, complete, tokens } = view;
    const texts = [...(head === undefined ? [] : [head]), ...(view.text === "" ? [] : [view.text])];
    return answer(texts, {
      path: inside.shown,
      form,
      ...(head === undefined ? {} : { note: head }),
      text: view.text,
      hash,
      complete,
      tokens,
    });
  },
};

function count(served: Served, { form, tokensBefore, tokens }: FileView): void {
  countCall(served, NAME, tokensBefore, tokens);
  served.reads.set(form, (served.reads.get(form) ?? 0) + 1);
}

/**
 * Those of the server go first. A client over HTTP is not asked: what it names would be its own permission to read any file.
 */
function rootsOf({
  service,
  connection,
  context,
  capabilities,
}: Call): readonly string[] | InputRequiredResult {
  if (service.roots !== undefined) return service.roots;
  if (!connection.lasts)
    throw new ToolError(
      "headroom_read may read no folder. Over HTTP the server has to be started with --root FOLDER; read the file in another way.",
    );
  if (capabilities?.roots === undefined)
    throw new ToolError(
      "headroom_read may read no folder: this client names no roots. Start the server with --root FOLDER; until then, read the file in another way.",
    );
  return clientRoots(context);
}
