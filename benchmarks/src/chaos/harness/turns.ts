/** Texts sent through a process of their own, and sent again as the next turn of a transcript does. */
import { type AgentOptions, startAgent } from "./agent-process.ts";
import { judge } from "./judge.ts";
import type { Call, Marker } from "./protocol.ts";
import type { StoreSpec } from "./spec.ts";
import { totalsOf, unredeemed } from "./tally.ts";
import type { TextId } from "./texts.ts";

export interface SendOptions extends AgentOptions {
  readonly lanes?: number;
  /** Past the pipeline. */
  readonly direct?: boolean;
  /** How often a text is sent until it is acknowledged. @default 1 */
  readonly turns?: number;
}

/** Sends texts through a fresh process. */
export async function send(
  spec: StoreSpec,
  texts: readonly TextId[],
  { lanes = 4, direct = false, turns = 1, ...options }: SendOptions = {},
): Promise<readonly Call[]> {
  const writer = startAgent(spec, { putLimitMs: 10_000, ...options });
  const calls: Call[] = [];
  try {
    let ids = texts;
    for (let turn = 0; turn < turns && ids.length > 0; turn++) {
      const sent = await writer.ask({ do: "send", ids, lanes, direct });
      calls.push(...sent);
      ids = sent.filter(({ acknowledged }) => !acknowledged).map(({ id }) => id);
    }
    return calls;
  } finally {
    await writer.end();
  }
}

export interface NextTurn {
  readonly lost: number;
  readonly wrong: number;
  readonly hung: number;
}

/** Every text is sent again through a fresh process, and another fresh process looks. */
export async function nextTurn(
  spec: StoreSpec,
  markers: readonly Marker[],
  options: SendOptions = {},
): Promise<NextTurn> {
  const ids = markers.map(([, id]) => id);
  const calls = await send(spec, ids, { turns: 3, ...options });
  const look = await judge(spec, markers);
  return { lost: unredeemed(look), wrong: look.wrong, hung: totalsOf(calls).hung + look.hung };
}
