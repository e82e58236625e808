/** The last requests: figures, and names of a fixed set. */
import type { ProxyStats } from "../src/stats/types.ts";
import { h } from "./dom.ts";
import { clockTime, milliseconds, percent, ratio, short } from "./format.ts";

type Recent = ProxyStats["recent"][number];

const SHOWN = 20;

const PROVIDERS = {
  anthropic: "Anthropic",
  openai: "OpenAI",
  google: "Gemini",
  headroom: "Headroom",
} as const;
const ROUTES: Readonly<Partial<Record<Recent["route"], string>>> = {
  generateContent: "generate",
  streamGenerateContent: "generate, stream",
};
const ENDINGS = {
  complete: "",
  "cut-off": "cut off",
  "client-left": "client left",
  failed: "no answer",
} as const;

const COLUMNS: readonly (readonly [head: string, name: string])[] = [
  ["Time", "time"],
  ["Endpoint", "endpoint"],
  ["Model", "model"],
  ["Status", "status"],
  ["Tokens before → after", "tokens number"],
  ["Left out", "saved number"],
  ["Added", "added number"],
  ["Whole time", "whole number"],
  ["Cache read", "cache number"],
  ["Retrieved", "retrievals number"],
];

export function requestsTable(): {
  readonly element: HTMLElement;
  update(recent: ProxyStats["recent"]): void;
} {
  const body = h("tbody");
  const table = h(
    "table",
    { class: "requests" },
    h(
      "thead",
      {},
      h("tr", {}, ...COLUMNS.map(([head, name]) => h("th", { scope: "col", class: name }, head))),
    ),
    body,
  );
  const more = h("button", { type: "button", class: "quiet" });
  let showsAll = false;
  let last: ProxyStats["recent"] = [];
  const update = (recent: ProxyStats["recent"]): void => {
    last = recent;
    body.replaceChildren(...(showsAll ? recent : recent.slice(0, SHOWN)).map(rowOf));
    more.hidden = recent.length <= SHOWN;
    more.textContent = showsAll
      ? `Show the last ${SHOWN}`
      : `Show all of the last ${recent.length}`;
    more.setAttribute("aria-expanded", String(showsAll));
  };
  more.addEventListener("click", () => {
    showsAll = !showsAll;
    update(last);
  });
  const region = h("div", { class: "scroll", tabindex: 0, role: "region" }, table);
  region.setAttribute("aria-label", "Table of requests");
  return { element: h("div", {}, region, more), update };
}

function rowOf(record: Recent): Element {
  const { tokensBefore, tokensAfter, usage, status, ending, failedOpen } = record;
  const isRead = tokensBefore !== undefined && tokensAfter !== undefined;
  const ended = ENDINGS[ending];
  const isBad = status >= 400 || ending === "cut-off" || ending === "failed";
  const saved = isRead ? ratio(tokensBefore - tokensAfter, tokensBefore) : undefined;
  const cells: Readonly<Record<string, string>> = {
    time: clockTime(record.at, true),
    endpoint: `${PROVIDERS[record.provider]} ${ROUTES[record.route] ?? record.route}`,
    model: record.model ?? "",
    status: [status === 0 ? "" : String(status), ended].filter(Boolean).join(", "),
    tokens: isRead ? `${short(tokensBefore)} → ${short(tokensAfter)}` : "not read",
    saved: saved === undefined ? "" : percent(saved),
    added: record.addedMs === undefined ? "" : milliseconds(record.addedMs),
    whole: milliseconds(record.totalMs),
    cache: usage ? percent(ratio(usage.cacheReadTokens, usage.inputTokens)) : "",
    retrievals: record.retrievals === 0 ? "" : String(record.retrievals),
  };
  return h(
    "tr",
    { class: isBad ? "bad" : undefined },
    ...COLUMNS.map(([head, name]) => {
      const [first = ""] = name.split(" ");
      const text = cells[first] ?? "";
      const note =
        first === "status" && failedOpen.length > 0 && h("em", {}, ` ${failedOpen.join(", ")}`);
      return h("td", { class: name, "data-head": text === "" ? undefined : head }, text, note);
    }),
  );
}
