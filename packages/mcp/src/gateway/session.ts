/** One client and one server: what is known of them, and what becomes of each message between them. */
import { type Headroom, readRetrieveRequest } from "@headroom/core";
import { answerRetrieval, isRecord, type UnknownRecord } from "@headroom/core/kit";
import { spliceJson } from "@headroom/core/wire";
import { type Id, isId, PendingRequests } from "./pending.ts";
import { compressResult } from "./result.ts";
import { type StructuredPolicy, showsStructured } from "./structured.ts";
import { ToolList } from "./tool-list.ts";

export interface SessionOptions {
  readonly headroom: Headroom;
  /** Whether models are offered `headroom_retrieve`. Without it nothing is left out. */
  readonly offersRetrieval: boolean;
  readonly structured: StructuredPolicy;
  /** Milliseconds that one result may be held up. */
  readonly deadlineMs: number;
}

/** What becomes of a frame of the client. */
export type FromClient =
  /** The server gets these bytes. */
  | { readonly pass: Buffer }
  /** The server gets these bytes, if any, and the client the answers. */
  | { readonly pass?: Buffer; readonly answers: Promise<Buffer> };

/** Beyond its deadline, core may need this much to notice that it is over. */
const GRACE_MS = 1_000;
const CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

export class Session {
  readonly #options: SessionOptions;
  readonly #pending = new PendingRequests();
  readonly #tools = new ToolList();
  /** Retrievals at work. */
  readonly #own = new Map<Id, AbortController>();
  #clientName = "";
  #serverName = "";

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Never throws. */
  fromClient(frame: Buffer): FromClient {
    const source = textOf(frame);
    const message = source === undefined ? undefined : parsed(source);
    if (isRecord(message)) return this.#clientMessage(message, frame);
    if (Array.isArray(message)) return this.#clientBatch(message, frame);
    return { pass: frame };
  }

  /** The bytes that the client gets for a frame of the server: the same, unless they hold a result that changes. Never rejects. */
  async fromServer(frame: Buffer): Promise<Buffer> {
    if (this.#pending.size === 0) return frame;
    try {
      return await this.#serverFrame(frame);
    } catch {
      return frame;
    }
  }

  #clientMessage(message: UnknownRecord, frame: Buffer): FromClient {
    if (this.#isForUs(message)) return { answers: this.#answer(message).then(frameOf) };
    if (this.#isCancelOfOurs(message)) return { answers: Promise.resolve(NOTHING) };
    this.#note(message, true);
    return { pass: frame };
  }

  /** Answers to batches come in batches, which pass as they are. */
  #clientBatch(messages: readonly unknown[], frame: Buffer): FromClient {
    const own = messages.filter((one) => isRecord(one) && this.#isForUs(one));
    for (const one of messages) if (isRecord(one) && !own.includes(one)) this.#note(one, false);
    if (own.length === 0) return { pass: frame };
    const others = messages.filter((one) => !own.includes(one));
    const answers = Promise.all(own.map((one) => this.#answer(one as UnknownRecord))).then(frameOf);
    return others.length === 0 ? { answers } : { pass: frameOf(others), answers };
  }

  #isForUs({ method, id, params }: UnknownRecord): boolean {
    return (
      this.#options.offersRetrieval &&
      method === "tools/call" &&
      isId(id) &&
      isRecord(params) &&
      params.name === this.#tools.name
    );
  }

  #isCancelOfOurs({ method, id, params }: UnknownRecord): boolean {
    if (method !== "notifications/cancelled" || id !== undefined || !isRecord(params)) return false;
    const { requestId } = params;
    const own = isId(requestId) ? this.#own.get(requestId) : undefined;
    own?.abort();
    return own !== undefined;
  }

  /** Remembers what an answer will be about. */
  #note({ method, id, params }: UnknownRecord, mayChange: boolean): void {
    const given = isRecord(params) ? params : {};
    if (typeof method !== "string") return;
    if (!isId(id)) {
      if (method === "notifications/cancelled" && isId(given.requestId))
        this.#pending.take(given.requestId);
      return;
    }
    const meta = isRecord(given._meta) ? given._meta : {};
    const info = method === "initialize" ? given.clientInfo : meta[CLIENT_INFO];
    if (isRecord(info) && typeof info.name === "string") this.#clientName = info.name;
    if (!mayChange) this.#pending.add(id, undefined);
    else if (method === "initialize") this.#pending.add(id, { what: "initialize" });
    else if (method === "tools/list") this.#pending.add(id, { what: "list" });
    else if (method === "tools/call" && typeof given.name === "string")
      this.#pending.add(id, { what: "call", tool: given.name });
    else this.#pending.add(id, undefined);
  }

  async #answer({ id, params }: UnknownRecord): Promise<unknown> {
    const control = new AbortController();
    const given = isRecord(params) ? params : {};
    this.#tools.markOffered();
    if (isId(id)) this.#own.set(id, control);
    try {
      const { text, found } = await this.#retrieve(given.arguments, control.signal);
      const meta = isRecord(given._meta) ? given._meta : {};
      const isModern = meta[PROTOCOL_VERSION] !== undefined;
      const result = {
        ...(isModern ? { resultType: "complete" } : {}),
        content: [{ type: "text", text }],
        isError: !found,
      };
      return { jsonrpc: "2.0", id, result };
    } catch {
      // Cancelled: the client waits for nothing any more.
      return undefined;
    } finally {
      if (isId(id)) this.#own.delete(id);
    }
  }

  async #retrieve(
    args: unknown,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly found: boolean }> {
    const request = readRetrieveRequest(args);
    if (request.hash.trim() === "")
      return { text: "Pass the 22 letters after [[hr: as hash.", found: false };
    const { text, result } = await answerRetrieval(this.#options.headroom, request, { signal });
    return { text, found: result?.found ?? false };
  }

  async #serverFrame(frame: Buffer): Promise<Buffer> {
    const source = textOf(frame);
    const message = source === undefined ? undefined : parsed(source);
    if (source === undefined || !isRecord(message) || !isId(message.id)) return frame;
    // A request of the server has an id of its own counting.
    if (message.method !== undefined) return frame;
    const asked = this.#pending.take(message.id);
    const { result } = message;
    if (asked === undefined || !isRecord(result)) return frame;
    if (asked.what === "initialize") {
      const { serverInfo } = result;
      if (isRecord(serverInfo)) this.#serverName = String(serverInfo.name);
      return frame;
    }
    const changed =
      asked.what === "list" ? this.#listed(result) : await this.#called(result, asked.tool);
    if (changed === undefined || changed === result) return frame;
    const written = spliceJson(source, message, { ...message, result: changed });
    return written === undefined ? frame : Buffer.from(written);
  }

  #listed(result: UnknownRecord): UnknownRecord {
    return this.#tools.changed(result, {
      addsOurs: this.#options.offersRetrieval,
      takesSchemas: this.#dropsStructured,
    });
  }

  async #called(result: UnknownRecord, tool: string): Promise<UnknownRecord | undefined> {
    const { headroom, deadlineMs } = this.#options;
    const work = compressResult(result, {
      headroom,
      toolName: this.#fullName(tool),
      isLossless: !this.#tools.isOffered,
      deadlineMs,
      dropsStructured: this.#dropsStructured,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), deadlineMs + GRACE_MS);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      work.catch(() => {});
    }
  }

  /** What servers of memories answer is instructions, which core knows by the name that clients give their tools. */
  #fullName(tool: string): string {
    return /memory/i.test(this.#serverName) ? `mcp__memory__${tool}` : tool;
  }

  get #dropsStructured(): boolean {
    const { structured } = this.#options;
    return structured === "drop" || (structured === "auto" && showsStructured(this.#clientName));
  }
}

const NOTHING: Buffer = Buffer.alloc(0);
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `undefined` for what is no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function frameOf(message: unknown): Buffer {
  if (message === undefined) return NOTHING;
  if (Array.isArray(message) && message.every((one) => one === undefined)) return NOTHING;
  const sent = Array.isArray(message) ? message.filter((one) => one !== undefined) : message;
  return Buffer.from(`${JSON.stringify(sent)}\n`);
}
