import { serviceOf } from "./context.ts";
import type { HeadroomMcpOptions } from "./options.ts";
import { type HttpOptions, type HttpServer, startHttp } from "./serve/http.ts";
import { type StdioServer, startStdio } from "./serve/stdio.ts";

/** Headroom as an MCP server. All its clients share a store. */
export interface HeadroomMcp {
  /** Serves the client that started this process. Standard output is the protocol's from then on. */
  serveStdio(): StdioServer;
  /** Serves clients over Streamable HTTP. Rejects with `InvalidOptionError`, and where the port is taken. */
  listen(options?: HttpOptions): Promise<HttpServer>;
  /** What its clients were served since it was made, by the tool that they called. Tokens. */
  stats(): {
    readonly tools: readonly {
      readonly name: string;
      readonly blocks: number;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
    }[];
  };
  /** Closes the store and the ledger. */
  close(): Promise<void>;
}

/** Makes a server; it serves nobody yet. @throws InvalidOptionError for a wrong or unknown option */
export function createHeadroomMcp(options: HeadroomMcpOptions): HeadroomMcp {
  const service = serviceOf(options);
  return {
    serveStdio: () => startStdio(service),
    listen: (httpOptions = {}) => startHttp(service, httpOptions),
    stats: () => ({
      tools: [...service.served.tools].map(([name, count]) => ({ name, ...count })),
    }),
    async close() {
      await service.shared.close();
      await service.headroom.close();
    },
  };
}
