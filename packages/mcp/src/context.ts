/** What the tools of one server work with. */
import { randomUUID } from "node:crypto";
import {
  type CcrRef,
  type CcrStore,
  counterForModel,
  createHeadroom,
  createSharedContext,
  type Headroom,
  InvalidOptionError,
  type RefScope,
  refScope,
  type SharedContext,
  type TokenCounter,
} from "@headroom/core";
import type { HeadroomMcpOptions } from "./options.ts";

/** Shared by all connections. */
export interface Service {
  readonly headroom: Headroom;
  readonly shared: SharedContext;
  readonly store: CcrStore;
  readonly scope: RefScope;
  readonly namespace: string;
  /** Absent: the client's roots count. */
  readonly roots: readonly string[] | undefined;
  readonly maxReadTokens: number;
  readonly counter: () => Promise<TokenCounter>;
  readonly served: Served;
}

/** What clients were served since the start. */
export interface Served {
  /** Texts shortened and files read. */
  calls: number;
  tokensBefore: number;
  tokensAfter: number;
  retrievals: number;
  /** Files, by the form in which. */
  readonly reads: Map<string, number>;
  /** By the tool of this server that was called. */
  readonly tools: Map<string, ToolCount>;
}

/** What one tool has shortened. */
export interface ToolCount {
  readonly blocks: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** Counts a text that a tool has shortened, or a file that it has read. */
export function countCall(
  served: Served,
  tool: string,
  tokensBefore: number,
  tokensAfter: number,
): void {
  served.calls++;
  served.tokensBefore += tokensBefore;
  served.tokensAfter += tokensAfter;
  const count = served.tools.get(tool);
  served.tools.set(tool, {
    blocks: (count?.blocks ?? 0) + 1,
    tokensBefore: (count?.tokensBefore ?? 0) + tokensBefore,
    tokensAfter: (count?.tokensAfter ?? 0) + tokensAfter,
  });
}

/** What is known of one client: of one connection over stdio, of one request over HTTP. */
export interface Connection {
  /** Which version of a file this client has been sent, by real path. */
  readonly seen: Map<string, CcrRef>;
  /** Tells clients of one name apart. */
  readonly id: string;
  /** Whether it is the same client from call to call. */
  readonly lasts: boolean;
}

const KNOWN: Readonly<Record<keyof HeadroomMcpOptions, true>> = {
  deadlineMs: true,
  ledger: true,
  maxReadTokens: true,
  minTokens: true,
  mode: true,
  model: true,
  namespace: true,
  plugins: true,
  roots: true,
  secret: true,
  store: true,
  storeTimeoutMs: true,
};

/** @throws InvalidOptionError */
export function serviceOf(options: HeadroomMcpOptions): Service {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(KNOWN, name))
      throw new InvalidOptionError(
        name,
        "an unknown option",
        `one of ${Object.keys(KNOWN).join(", ")}`,
      );
  const { ledger, roots, maxReadTokens = 20_000, ...compression } = options;
  if (!(Number.isSafeInteger(maxReadTokens) && maxReadTokens >= 1_000))
    throw new InvalidOptionError("maxReadTokens", maxReadTokens, "a whole number, 1000 or more");
  if (roots !== undefined && !(Array.isArray(roots) && roots.every(isPath)))
    throw new InvalidOptionError("roots", roots, "an array of paths of folders");
  const { store, namespace = "default", secret = "" } = options;
  if (typeof store?.put !== "function")
    throw new InvalidOptionError("store", store, "a CcrStore, for example memoryStore()");
  const headroom = createHeadroom(compression);
  const shared = createSharedContext({ ...compression, ...(ledger ? { ledger } : {}) });
  return {
    headroom,
    shared,
    store,
    namespace,
    scope: refScope(namespace, secret),
    roots,
    maxReadTokens,
    counter: async () => counterForModel(options.model),
    served: {
      calls: 0,
      tokensBefore: 0,
      tokensAfter: 0,
      retrievals: 0,
      reads: new Map(),
      tools: new Map(),
    },
  };
}

/** @param lasts whether the client keeps it for all its calls */
export function newConnection(lasts: boolean): Connection {
  return { seen: new Map(), id: randomUUID().slice(0, 8), lasts };
}

function isPath(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}
