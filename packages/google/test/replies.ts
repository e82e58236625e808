/** What the wire looks like: replies of `generateContent`, whole and as events. */
import type { WireReply } from "../../../test/support/wire-server.ts";

export interface Said {
  readonly text?: string;
  readonly thought?: string;
  readonly calls?: readonly { readonly name: string; readonly args: object }[];
  readonly finish?: string;
}

export const RETRIEVE = "headroom_retrieve";

let count = 0;
const pieces = (text: string): string[] => text.match(/[\s\S]{1,5}/gu) ?? [];
const usageMetadata = {
  promptTokenCount: 100,
  candidatesTokenCount: 10,
  totalTokenCount: 110,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 100 }],
};

export interface Reply extends WireReply {
  readonly parts: readonly { readonly [key: string]: unknown }[];
}

export interface Style {
  /** Calls have ids. @default false */
  readonly ids?: boolean;
  /** The model signs, as models that think do. @default true */
  readonly signs?: boolean;
}

/** A reply as the backend gives it: of parallel calls the first is signed, of words the end. */
export function content(said: Said, stream: boolean, style: Style = {}): Reply {
  const n = ++count;
  const { ids = false, signs = true } = style;
  const { text = "", thought, calls = [], finish = "STOP" } = said;
  const signature = signs ? { thoughtSignature: `c2lnbmF0dXJl${n}` } : {};
  const thoughts = thought === undefined ? [] : [{ text: thought, thought: true }];
  const called = calls.map(({ name, args }, index) => ({
    functionCall: { ...(ids ? { id: `call_${n}_${index}` } : {}), name, args },
    ...(index === 0 ? signature : {}),
  }));
  const end = calls.length === 0 ? signature : {};
  const base = { modelVersion: "gemini-3-pro", responseId: `response_${n}` };
  const candidate = (parts: readonly object[], more: object = {}): object => ({
    candidates: [{ content: { parts, role: "model" }, index: 0, ...more }],
    ...base,
  });
  if (!stream) {
    const parts = [...thoughts, ...(text === "" ? [] : [{ text, ...end }]), ...called];
    return { json: { ...candidate(parts, { finishReason: finish }), usageMetadata }, parts };
  }
  const chunks = [
    ...thoughts.map((part) => [part]),
    ...pieces(text).map((piece) => [{ text: piece }]),
    ...called.map((part) => [part]),
  ];
  const last = [{ text: "", ...end }];
  const running = { ...usageMetadata, candidatesTokenCount: 1, totalTokenCount: 101 };
  const events = [
    ...chunks.map((parts) => ({ ...candidate(parts), usageMetadata: running })),
    { ...candidate(last, { finishReason: finish }), usageMetadata },
  ];
  const sse = events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join("");
  return { sse, parts: [...chunks.flat(), ...last] };
}
