/** The proxy's port, and whether what clients are told leads to a proxy. */
import { once } from "node:events";
import { createServer } from "node:net";
import { isRecord } from "@headroom/core/kit";
import type { Settings } from "../proxy/settings.ts";
import type { Terminal } from "../terminal.ts";
import type { Check } from "./check.ts";

const PATIENCE_MS = 3_000;

type Answer = "headroom" | "headroom, which wants a token" | "another" | "nobody";

export async function portCheck({
  port = 8787,
  host = "127.0.0.1",
  token,
}: Settings): Promise<Check> {
  const name = "Port";
  if (port === 0) return { name, state: "ok", says: "any that is free." };
  const at = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const answer = await whoIsAt(`http://${at.includes(":") ? `[${at}]` : at}:${port}`, token);
  if (answer.startsWith("headroom"))
    return {
      name,
      state: "ok",
      says: `${port}: ${answer} proxy answers there.`.replace(
        "token proxy answers there",
        "token, answers there",
      ),
    };
  if (await canListen(port, host))
    return { name, state: "ok", says: `${port} is free for headroom proxy, which is not running.` };
  return {
    name,
    state: "warn",
    says: `${port} of ${host} is taken by another program.`,
    todo: "Start the proxy on another: headroom proxy --port N.",
  };
}

const CLIENT_VARIABLES = ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"];

/** Clients that are pointed at this machine have to find a proxy there. */
export async function clientChecks(
  env: Terminal["env"],
  { token }: Settings,
): Promise<readonly Check[]> {
  const name = "Clients";
  const set = CLIENT_VARIABLES.flatMap((variable) => {
    const value = env[variable];
    return value ? [[variable, value] as const] : [];
  });
  if (set.length === 0)
    return [
      {
        name,
        state: "ok",
        says: `${CLIENT_VARIABLES.join(", ")} are not set: clients started here use no proxy, but for headroom wrap.`,
      },
    ];
  return Promise.all(
    set.map(async ([variable, value]): Promise<Check> => {
      if (!URL.canParse(value))
        return {
          name,
          state: "fail",
          says: `${variable} is no URL.`,
          todo: `export ${variable}=http://127.0.0.1:8787`,
        };
      const { origin, hostname } = new URL(value);
      if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
        return {
          name,
          state: "ok",
          says: `${variable} leads to ${hostname}, not to a proxy on this machine.`,
        };
      const answer = await whoIsAt(origin, token);
      if (answer.startsWith("headroom"))
        return { name, state: "ok", says: `${variable} leads to a headroom proxy.` };
      return {
        name,
        state: "fail",
        says: `${variable} is ${origin}, and ${answer === "nobody" ? "nobody answers there" : "no headroom proxy is there"}.`,
        todo: `Start headroom proxy, or unset ${variable}.`,
      };
    }),
  );
}

async function whoIsAt(origin: string, token: string | undefined): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { "x-headroom-token": token };
  try {
    const answer = await fetch(`${origin}/stats`, {
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (answer.status === 401)
      return text.includes("headroom") ? "headroom, which wants a token" : "another";
    const stats: unknown = JSON.parse(text);
    return isRecord(stats) && "tokensProjected" in stats ? "headroom" : "another";
  } catch (error) {
    return error instanceof TypeError ? "nobody" : "another";
  }
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
