/** Commands in this process: what they print, and signals for them. */
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { run } from "../src/run.ts";

let closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

export function closeAfter(close: () => Promise<unknown> | unknown): void {
  closing.unshift(close);
}

export interface Running {
  /** Resolves to the exit code. */
  readonly ended: Promise<number>;
  /** What was written to standard output up to now. */
  out(): string;
  err(): string;
  signal(name: NodeJS.Signals): void;
  /** How many listeners for signals are there. */
  listeners(): number;
  /** Resolves when the output has this. */
  until(words: RegExp): Promise<RegExpExecArray>;
}

/** Starts a command; what is left of it ends after the test. */
export function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const signals = new EventEmitter();
  let [out, err] = ["", ""];
  const written = new EventEmitter();
  const write = (to: "out" | "err") => (text: string) => {
    if (to === "out") out += text;
    else err += text;
    written.emit("text");
  };
  const ended = run(args, {
    stdin: (async function* () {})(),
    stdout: { write: write("out") },
    stderr: { write: write("err") },
    env,
    on: (name, listener) => signals.on(name, listener),
    off: (name, listener) => signals.off(name, listener),
  });
  void ended.then(() => written.emit("text"));
  let isDone = false;
  void ended.then(() => {
    isDone = true;
  });
  closeAfter(async () => {
    for (let at = 0; at < 2 && !isDone; at++) signals.emit("SIGTERM", "SIGTERM");
    await ended;
  });
  return {
    ended,
    out: () => out,
    err: () => err,
    signal: (name) => void signals.emit(name, name),
    listeners: () =>
      signals.eventNames().reduce((sum, name) => sum + signals.listenerCount(name), 0),
    async until(words) {
      for (;;) {
        const found = words.exec(out) ?? words.exec(err);
        if (found) return found;
        if (isDone) throw new Error(`It ended without ${words}: ${out}${err}`);
        await once(written, "text");
      }
    },
  };
}

/** A running `headroom proxy` and its base URL. */
export async function startedProxy(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Running & { readonly url: string }> {
  // Patient: the machine may be busy.
  const patient = ["--port", "0", "--no-workers", "--deadline-ms", "60000"];
  const running = start(["proxy", ...patient, ...args], env);
  const [, url = ""] = await running.until(/ at (http:\S+):(?= )/);
  return { ...running, url };
}

/** A server that keeps the bodies it got. */
export async function provider(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void = (
    _,
    response,
  ) => response.end("{}"),
): Promise<{ readonly url: string; readonly bodies: Buffer[]; readonly server: Server }> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      bodies.push(body);
      answer(request, response, body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closeAfter(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, server };
}

const ROWS = JSON.stringify(
  Array.from({ length: 600 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "shipped",
  })),
);

/** A Chat Completions request with a long result of a tool. */
export const CHAT: string = JSON.stringify({
  model: "gpt-5.5",
  tools: [{ type: "function", function: { name: "list" } }],
  messages: [
    { role: "user", content: "Which orders are there?" },
    {
      role: "assistant",
      tool_calls: [{ id: "c1", type: "function", function: { name: "list", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c1", content: ROWS },
  ],
});

/** A request with that result to each kind of endpoint. */
export const REQUESTS: Readonly<Record<string, string>> = {
  "/v1/chat/completions": CHAT,
  "/v1/responses": JSON.stringify({
    model: "gpt-5.5",
    tools: [{ type: "function", name: "list", parameters: {} }],
    input: [
      { role: "user", content: "Which orders are there?" },
      { type: "function_call", call_id: "c1", name: "list", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: ROWS },
    ],
  }),
  "/v1/messages?beta=true": JSON.stringify({
    model: "claude-sonnet-5-5",
    max_tokens: 100,
    tools: [{ name: "list", input_schema: { type: "object" } }],
    messages: [
      { role: "user", content: "Which orders are there?" },
      { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "list", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: ROWS }] },
    ],
  }),
  "/v1beta/models/gemini-3-pro:generateContent": JSON.stringify({
    tools: [{ functionDeclarations: [{ name: "list" }] }],
    contents: [
      { role: "user", parts: [{ text: "Which orders are there?" }] },
      { role: "model", parts: [{ functionCall: { name: "list", args: {} } }] },
      {
        role: "user",
        parts: [{ functionResponse: { name: "list", response: { output: ROWS } } }],
      },
    ],
  }),
};

export function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
