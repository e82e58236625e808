/**
 * Portkey's gateway behind the proxy. The package on npm has no guardrail for a Headroom service.
 *
 * Trap: 1.15.2 answers every stream with 500, also without the proxy (`Headers` of a fetched response cannot be changed): they are not
 * judged.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { npmInstall } from "../npm-install.ts";
import type { Peer } from "../peer.ts";
import { freePort } from "./free-port.ts";
import { behindTheProxy, type Gateway } from "./gateway.ts";
import { SAMPLES } from "./gateway-requests.ts";

const PACKAGE = "@portkey-ai/gateway";

export const portkey: Peer = {
  name: "portkey",
  install: (folder) => npmInstall(folder, PACKAGE),
  run: ({ folder }, wire) =>
    behindTheProxy({
      wire,
      samples: SAMPLES.filter(({ stream }) => !stream),
      key: "sk-test",
      start: () => start(folder),
      headers: ({ format }, { server }) => ({
        "x-portkey-provider": format === "messages" ? "anthropic" : "openai",
        "x-portkey-custom-host": `${server.url}/v1`,
        ...(format === "messages" ? { "x-api-key": "sk-ant-test" } : {}),
      }),
    }),
};

async function start(folder: string): Promise<Gateway> {
  const port = await freePort();
  const program = join(folder, "node_modules", PACKAGE, "build", "start-server.js");
  const child = spawn(process.execPath, [program, "--headless", `--port=${port}`], {
    cwd: folder,
    // It asks no server of this machine that it was not told to trust.
    env: { PATH: process.env.PATH, HOME: folder, TRUSTED_CUSTOM_HOSTS: "127.0.0.1" },
    stdio: "ignore",
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    await sleep(200);
  }
  return {
    url,
    async stop() {
      child.kill();
      await closed;
    },
  };
}
