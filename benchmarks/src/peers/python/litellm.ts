/**
 * LiteLLM with its own Headroom guardrail in front of the proxy's endpoints, and LiteLLM as what stands behind the proxy.
 *
 * 1.110.2 tells the service that its model can retrieve (`config.mode`), 1.108.7 does not: nothing is left out for it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRef } from "@headroom/core";
import { blockOf } from "../page.ts";
import { holds, type Installed, type Missing, type Peer, type Row } from "../peer.ts";
import type { Line, Wire } from "../wire.ts";
import { behindTheProxy, hashIn, nameOf, retrieving } from "./gateway.ts";
import {
  type Answer,
  ask,
  ORDERS,
  SAMPLES,
  type Sample,
  TRANSLATED,
  tells,
} from "./gateway-requests.ts";
import { MASTER_KEY, startLiteLlm } from "./litellm-server.ts";
import { FACT } from "./script.ts";
import { tokensSent } from "./sent.ts";
import { pipInstall } from "./venv.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const PAGE = "litellm";
const FIRST: Sample = { format: "chat", model: "gpt-5.5", stream: false };

/** The proxy extra of the newest needs a package that is not on every index: its code over the extra of the one before. */
const VERSIONS = [
  { version: "1.108.7", steps: [["litellm[proxy]==1.108.7"]], shortens: false },
  {
    version: "1.110.2",
    steps: [["litellm[proxy]==1.108.7"], ["litellm==1.110.2", "semver"]],
    shortens: true,
  },
] as const;

export const litellm: Peer = {
  name: "litellm",
  async install(folder): Promise<Installed | Missing> {
    for (const { version, steps } of VERSIONS) {
      const installed = await pipInstall(join(folder, version), steps, ["litellm"]);
      if ("why" in installed) return { why: `${version}: ${installed.why}` };
    }
    return { folder, version: VERSIONS.map(({ version }) => `litellm ${version}`).join(", ") };
  },
  async run({ folder }, wire) {
    const home = mkdtempSync(join(tmpdir(), "headroom-peer-"));
    try {
      const rows: Row[] = [];
      for (const { version, shortens } of VERSIONS) {
        const place = { folder: join(folder, version), home };
        const all = [...(await inFront(place, wire, shortens)), ...(await behind(place, wire))];
        rows.push(...all.map((row) => ({ ...row, what: `${version}: ${row.what}` })));
      }
      return rows;
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly folder: string;
  readonly home: string;
}

/** Of a request whose original is gone by the time it is asked for. */
const GONE = "Is one of them gone?";

/** LiteLLM's guardrail calls the proxy; the models are asked without it. */
async function inFront(place: Place, wire: Wire, shortens: boolean): Promise<readonly Row[]> {
  let store: Line["store"];
  const line = await wire.open({
    through: true,
    model: (conversation) => {
      const ref = parseRef(hashIn(conversation.calls) ?? "");
      if (conversation.body.includes(GONE) && ref) void store?.delete(ref);
      return retrieving(conversation);
    },
    proxy: { token: TOKEN },
  });
  store = line.store;
  const guarded = blockOf(PAGE, "yaml", line.url);
  const gateway = await startLiteLlm({
    ...place,
    config: guarded.replace("general_settings:", `${WRONG_TOKEN(line.url)}general_settings:`),
    provider: line.server.url,
    env: { HEADROOM_TOKEN: TOKEN },
  }).catch(async (error: unknown) => {
    await line.close();
    throw error;
  });
  try {
    const { seen } = line.server;
    const to = (sample: Sample, more: Parameters<typeof ask>[3] = {}): Promise<Answer> =>
      ask(gateway.url, sample, MASTER_KEY, more);
    const rows: Row[] = [];
    let untold = 0;
    const answers: string[] = [];
    for (const sample of SAMPLES) {
      const from = seen.length;
      const answer = await to(sample);
      if (!tells(answer))
        answers.push(
          `${nameOf(sample)}: ${answer.status} ${answer.text || answer.body.slice(0, 200)}`,
        );
      if (seen[from]?.body.includes(FACT) === false) untold++;
    }
    const sent = tokensSent(seen);
    rows.push(
      holds(
        `guardrail: ${SAMPLES.length} answers have the fact`,
        answers.length === 0,
        answers.join("; "),
      ),
    );
    rows.push({
      what: "guardrail: first requests without the fact",
      value: `${untold} of ${SAMPLES.length}`,
      reach: shortens ? "all" : "none: it does not say that it can retrieve",
      isMet: untold === (shortens ? SAMPLES.length : 0),
    });
    const [given, retrieved] = exchanges(line);
    const bad = given.filter((hash) => !/^[a-f0-9]{12,24}$/.test(hash)).length;
    const rejected = gateway.log().split("rejecting hash").length - 1 + bad;
    rows.push({
      what: "guardrail: hashes given, retrieved, rejected",
      value: `${given.length}, ${retrieved.length}, ${rejected}`,
      reach: `${SAMPLES.length}, ${shortens ? SAMPLES.length : 0}, 0`,
      isMet:
        given.length === SAMPLES.length &&
        retrieved.filter((status) => status === 200).length === (shortens ? SAMPLES.length : 0) &&
        rejected === 0,
    });
    const plain = seen.length;
    const compressed = exchanges(line)[0].length;
    const bypassed = await to(FIRST, { headers: { "x-headroom-bypass": "true" } });
    const whole = seen
      .slice(plain)
      .some(({ json }) => JSON.stringify(json).includes(JSON.stringify(ORDERS).slice(1, -1)));
    rows.push(
      holds(
        "guardrail: with x-headroom-bypass everything goes as it came",
        tells(bypassed) && whole && exchanges(line)[0].length === compressed,
        bypassed.text,
      ),
    );
    const saved = 1 - sent / (tokensSent(seen.slice(plain, plain + 1)) * SAMPLES.length);
    rows.push({
      what: "guardrail: tokens sent, hidden requests included",
      value: `−${(saved * 100).toFixed(0)} %`,
      reach: "−50 %",
      isMet: saved >= 0.5,
    });
    const unknown = await fetch(`${line.url}/v1/retrieve/${"0".repeat(24)}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const stranger = await fetch(`${line.url}/v1/retrieve/${"0".repeat(24)}`);
    rows.push(
      holds(
        "an unknown hash is 404, a request without the token 401",
        unknown.status === 404 && stranger.status === 401,
        `${unknown.status}, ${stranger.status}`,
      ),
    );
    const refused = await to(FIRST, { body: { guardrails: ["wrong-token"] } });
    rows.push(
      holds(
        "guardrail: a wrong token fails closed, 502 with the proxy's 401",
        refused.status === 502 && refused.body.includes("401"),
        `${refused.status} ${refused.body.slice(0, 200)}`,
      ),
    );
    if (shortens) {
      const from = seen.length;
      const gone = await to({ ...FIRST, question: GONE });
      const told = seen
        .slice(from)
        .some((request) => request.body.includes("not found or expired"));
      rows.push(
        holds(
          "guardrail: of an original that is gone the model is told so",
          told && gone.text === "I cannot tell.",
          gone.text || gone.body.slice(0, 200),
        ),
      );
    }
    rows.push(
      holds(
        "guardrail: nothing refused by the provider's rules",
        line.server.refused.length === 0,
        line.server.refused[0],
      ),
    );
    return rows;
  } finally {
    await gateway.stop();
    await line.close();
  }
}

/** A second guardrail, for requests that name it. */
const WRONG_TOKEN = (url: string): string => `  - guardrail_name: wrong-token
    litellm_params:
      guardrail: headroom
      mode: pre_call
      api_base: ${url}
      api_key: wrong

`;

/** The hashes that were given out, and the statuses of what was retrieved, by what passed the line. */
function exchanges({ tap }: Line): readonly [readonly string[], readonly number[]] {
  const hashes: string[] = [];
  const statuses: number[] = [];
  for (const { sent, received } of tap.connections) {
    for (const [, list = ""] of received.matchAll(/"ccr_hashes":\[([^\]]*)\]/g))
      hashes.push(...list.split(",").flatMap((one) => one.replaceAll('"', "") || []));
    const asked = [...sent.matchAll(/(?:GET|POST) (\/\S*) HTTP\/1\.1\r\n/g)].map(
      ([, path]) => path,
    );
    const answers = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code));
    for (const [index, path] of asked.entries())
      if (path?.startsWith("/v1/retrieve")) statuses.push(answers[index] ?? 0);
  }
  return [hashes, statuses];
}

function behind(place: Place, wire: Wire): Promise<readonly Row[]> {
  return behindTheProxy({
    wire,
    samples: [...SAMPLES, ...TRANSLATED],
    key: MASTER_KEY,
    start: (line) => {
      const [config = ""] = blockOf(PAGE, "yaml", line.url).split("guardrails:");
      return startLiteLlm({ ...place, config, provider: line.server.url });
    },
  });
}
