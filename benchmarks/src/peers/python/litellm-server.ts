/** LiteLLM's own server, as people start it. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { programOf } from "./venv.ts";

export const MASTER_KEY = "sk-master";

export interface LiteLlm {
  readonly url: string;
  /** What it printed so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface LiteLlmOptions {
  /** Of the virtual environment. */
  readonly folder: string;
  readonly home: string;
  /** YAML. */
  readonly config: string;
  /** The URL of the providers. */
  readonly provider: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** On a machine that is busy with other work. */
const START_MS = 300_000;

export async function startLiteLlm(options: LiteLlmOptions): Promise<LiteLlm> {
  const { folder, home, config, provider, env = {} } = options;
  const port = await freePort();
  mkdirSync(home, { recursive: true });
  const file = join(home, `litellm-${port}.yaml`);
  writeFileSync(file, config);
  const args = ["--config", file, "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(programOf(folder, "litellm"), args, {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      // Prices are not fetched.
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
      LITELLM_TELEMETRY: "False",
      LITELLM_MASTER_KEY: MASTER_KEY,
      OPENAI_API_KEY: "sk-test",
      OPENAI_API_BASE: `${provider}/v1`,
      ANTHROPIC_API_KEY: "sk-ant-test",
      ANTHROPIC_API_BASE: provider,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  let code: number | null | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      log += chunk;
    });
  const closed = new Promise<void>((resolve) => {
    child.once("close", (its) => {
      code = its;
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill();
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await closed;
    clearTimeout(timer);
  };
  for (const until = performance.now() + START_MS; ; await sleep(300)) {
    if (code !== undefined) throw new Error(`litellm ended with ${code}: ${log.slice(-500)}`);
    const isUp = await fetch(`${url}/health/liveliness`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (performance.now() > until) {
      await stop();
      throw new Error(`litellm did not start: ${log.slice(-500)}`);
    }
  }
  return { url, log: () => log, stop };
}
