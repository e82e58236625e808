/** `headroom mcp serve` as a client starts it, and over HTTP. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../../packages/cli/src/main.ts", import.meta.url));

/** The command line of a server. */
export function serverCommand(...options: readonly string[]): {
  readonly command: string;
  readonly args: readonly string[];
} {
  const args = ["--conditions=@headroom/source", MAIN, "mcp", "serve", ...options];
  return { command: process.execPath, args };
}

export interface ServedOverHttp {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server over HTTP on a free port. */
export async function serveOverHttp(...options: readonly string[]): Promise<ServedOverHttp> {
  const { command, args } = serverCommand("--http", "--port", "0", ...options);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  let said = "";
  for await (const bytes of child.stdout) {
    said += bytes;
    const [url] = /http:\S+\/mcp/.exec(said) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async stop() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`The MCP server did not start: ${said}`);
}
