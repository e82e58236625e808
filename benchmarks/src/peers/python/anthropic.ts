import type { Seen } from "../model-server.ts";
import { blockOf } from "../page.ts";
import { holds, type Peer, type Row } from "../peer.ts";
import { both, type Run } from "./scenarios.ts";
import { pipInstall } from "./venv.ts";

/** The official Python client of Anthropic. */
export const pythonAnthropic: Peer = {
  name: "python-anthropic",
  install: (folder) => pipInstall(folder, [["anthropic"]], ["anthropic"]),
  run: (installed, wire) =>
    both(
      {
        installed,
        wire,
        program: "anthropic_client.py",
        config: (url) => blockOf("python-anthropic", "python", url),
        other: beside,
      },
      (direct, through) => [...counting(direct, through), ...inBatches(direct, through)],
    ),
};

const BATCH = { id: "msgbatch_1", type: "message_batch", processing_status: "ended" };

/** Batches and models, as the provider answers. */
function beside({ path }: Seen): unknown {
  if (path.endsWith("/results")) {
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-5-5",
      content: [{ type: "text", text: "Three tests fail." }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    return { custom_id: "one", result: { type: "succeeded", message } };
  }
  if (path.includes("/batches"))
    return { ...BATCH, results_url: `/v1/messages/batches/${BATCH.id}/results` };
  return { data: [{ id: "claude-sonnet-5-5", type: "model" }], has_more: false };
}

/** The count is that of what would be sent. */
function counting(direct: Run, through: Run): readonly Row[] {
  const [before, after] = [direct, through].map(({ output }) =>
    Number(/^COUNTED (\d+)$/m.exec(output)?.[1]),
  ) as [number, number];
  return [
    {
      what: "count_tokens counts what would be sent",
      value: `${before} → ${after}`,
      reach: "fewer",
      isMet: after < before,
    },
  ];
}

/** Nobody can retrieve in a batch: nothing is left out of it. */
function inBatches(direct: Run, through: Run): readonly Row[] {
  const [before, after] = [direct, through].map(
    ({ requests }) => requests.find(({ path, body }) => path.endsWith("/batches") && body)?.body,
  );
  const isSmaller = before !== undefined && after !== undefined && after.length < before.length;
  return [
    holds("a batch is shorter", isSmaller, `${before?.length} → ${after?.length}`),
    holds(
      "nothing is left out of a batch, and no tool is offered in it",
      !/omitted: |headroom_retrieve/.test(after ?? "omitted: "),
    ),
  ];
}
