/** For tests: a client and a server that are streams of this process. */
import { PassThrough } from "node:stream";
import { createHeadroom, type HeadroomOptions, memoryStore } from "@headroom/core";
import { type RelayOptions, relay } from "./relay.ts";

export interface Between {
  /** Writes as the client does. */
  client(bytes: Buffer | string): void;
  server(bytes: Buffer | string): void;
  /** Ends what both say, and resolves to what each of them heard. */
  end(): Promise<{ readonly atServer: Buffer; readonly atClient: Buffer }>;
  /** Resolves to the next message that the client hears. */
  heard(): Promise<Record<string, unknown>>;
  readonly atServer: () => string;
}

export function between(
  options: Partial<RelayOptions> = {},
  core: HeadroomOptions = { store: memoryStore() },
): Between {
  const clientSays = new PassThrough();
  const clientHears = new PassThrough({ highWaterMark: 1 << 30 });
  const serverSays = new PassThrough();
  const serverHears = new PassThrough({ highWaterMark: 1 << 30 });
  const headroom = createHeadroom(core);
  const { serverEnded, clientEnded } = relay(
    { from: clientSays, to: clientHears },
    { from: serverSays, to: serverHears },
    {
      headroom,
      offersRetrieval: headroom.tools.length > 0,
      structured: "auto",
      deadlineMs: 60_000,
      maxFrameBytes: 1_000_000,
      ...options,
    },
  );
  const heard: { server: Buffer[]; client: Buffer[] } = { server: [], client: [] };
  let taken = 0;
  let wake = (): void => {};
  serverHears.on("data", (bytes: Buffer) => heard.server.push(bytes));
  clientHears.on("data", (bytes: Buffer) => {
    heard.client.push(bytes);
    wake();
  });
  return {
    client: (bytes) => void clientSays.write(bytes),
    server: (bytes) => void serverSays.write(bytes),
    atServer: () => Buffer.concat(heard.server).toString(),
    async end() {
      clientSays.end();
      await clientEnded;
      serverSays.end();
      await serverEnded;
      await new Promise(setImmediate);
      return { atServer: Buffer.concat(heard.server), atClient: Buffer.concat(heard.client) };
    },
    async heard() {
      for (;;) {
        const lines = Buffer.concat(heard.client).toString().split("\n");
        if (lines.length - 1 > taken) return JSON.parse(lines[taken++] ?? "");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

export function frame(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** A thousand rows of JSON. */
export const ROWS: string = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: id % 97 === 0 ? "failed" : "shipped",
    note: `parcel ${(id * 104_729) % 9_973} left at ${(id * 31) % 24} o'clock`,
  })),
);
