/** The dashboard: asks for figures, and shows them. */
import type { Period, ProxyStats } from "../src/stats/types.ts";
import { keepToken, readStats, token } from "./access.ts";
import { cacheBar } from "./cache-section.ts";
import { costSection } from "./cost-section.ts";
import { byId, h, setText } from "./dom.ts";
import {
  clockTime,
  dayTime,
  dollars,
  duration,
  milliseconds,
  percent,
  plural,
  ratio,
  short,
  whole,
} from "./format.ts";
import { requestsTable } from "./requests-table.ts";
import { timeSpan } from "./scale.ts";
import { spreadPlot } from "./spread-plot.ts";
import { type Point, type TimePlotData, timePlot } from "./time-plot.ts";
import { tokenTable } from "./token-rows.ts";

const EVERY_MS = 2_000;
const MINUTE = 60_000;

const tokensPlot = timePlot({
  label: "Tokens of requests over time",
  layers: [
    { name: "before", label: "left out", shape: "bar" },
    { name: "after", label: "sent", shape: "bar" },
  ],
  height: 240,
  unit: "tokens",
  format: short,
  least: 1,
});
const addedPlot = timePlot({
  label: "Added latency over time",
  layers: [
    { name: "p95", label: "p95", shape: "line" },
    { name: "p50", label: "p50", shape: "line" },
  ],
  height: 170,
  unit: "ms",
  format: short,
});
const cachePlot = timePlot({
  label: "Share of the input read from the provider's cache over time",
  layers: [{ name: "read", label: "read from the cache", shape: "line" }],
  height: 240,
  unit: "of the input",
  format: (value) => `${Math.round(value * 100)} %`,
  max: 1,
});
const spread = spreadPlot("Added latency");
const tools = tokenTable("Tool", "tools", "No result of a tool has been seen yet.");
const kinds = tokenTable("Kind", "kinds", "Nothing has been compressed yet.");
const cache = cacheBar();
const cost = costSection(() => last && show(last));
const requests = requestsTable();

for (const [id, ...elements] of [
  ["tokens-plot", tokensPlot.element],
  ["added-plot", spread.element, addedPlot.element],
  ["cache-plot", cache.element, cachePlot.element],
  ["tools", tools.element],
  ["kinds", kinds.element],
  ["cost", cost.element],
  ["requests", requests.element],
] as const)
  byId(id).append(...elements);

let last: ProxyStats | undefined;
let isPaused = false;
let lastAnswer: number | undefined;
const reach = byId<HTMLSelectElement>("reach");

function show(stats: ProxyStats): void {
  last = stats;
  const isFresh = stats.compressed + stats.passed + stats.failed === 0 && stats.recent.length === 0;
  byId("empty").hidden = !isFresh;
  byId("figures").hidden = isFresh;
  byId("audit").hidden = stats.mode !== "audit";
  setText(byId("since"), `${stats.mode} mode, up ${duration(stats.now - stats.startedAt)}`);
  if (isFresh) return;
  const sent = stats.mode === "audit" ? stats.tokensProjected : stats.tokensAfter;
  const left = stats.tokensBefore - sent;
  card("saved", percent(ratio(left, stats.tokensBefore)), [
    `${short(left)} of ${short(stats.tokensBefore)} tokens ${stats.mode === "audit" ? "could be left out" : "left out"}`,
  ]);
  card("added", milliseconds(stats.added.p50Ms), [`p50; p95 ${milliseconds(stats.added.p95Ms)}`]);
  const { usage } = stats;
  card("cached", percent(ratio(usage.cacheReadTokens, usage.inputTokens)), [
    `of ${short(usage.inputTokens)} input tokens, as providers report`,
  ]);
  const money = cost.update(stats);
  card("spared", dollars(money.saved), [
    money.saved === undefined ? "set prices below" : `estimated; ${dollars(money.cost)} spent`,
  ]);
  card("retrieved", whole(stats.retrievals), [
    `originals read back, in ${plural(stats.hiddenRounds, "hidden round")}`,
  ]);
  const failures = Object.values(stats.failedOpen).reduce((sum, one) => sum + one, 0);
  card("handled", whole(stats.compressed + stats.passed), [
    `${whole(stats.compressed)} read, ${whole(stats.passed)} passed on unread`,
  ]);
  showTime(stats);
  spread.update(stats.added);
  cache.update(stats);
  tools.update(stats.tools);
  kinds.update(stats.kinds);
  requests.update(stats.recent);
  const troubles = [
    ...Object.entries(stats.failedOpen).map(
      ([stage, count]) => `${whole(count)} × ${STAGES[stage] ?? stage}`,
    ),
    stats.failed > 0 ? `${whole(stats.failed)} × no whole answer came from the provider` : "",
    stats.refused > 0 ? `${whole(stats.refused)} × a request that may not use the proxy` : "",
  ].filter(Boolean);
  byId("trouble").classList.toggle("bad", failures + stats.failed > 0);
  byId("trouble").replaceChildren(
    ...(troubles.length === 0 ? ["Nothing has failed."] : troubles).map((text) =>
      h("li", {}, text),
    ),
  );
}

const STAGES: Readonly<Record<string, string>> = {
  deadline: "sent as it came: compression was not done in time",
  compression: "sent as it came: compression failed",
  decode: "sent as it came: the body does not decode as it says",
  "deadline-of-a-text": "a text was left alone: it was not done in time",
  store: "a text was left alone or lossless: the store did not take its original",
  worker: "a text was left alone: the worker thread failed",
  form: "a text was left alone: a compressor failed",
};

function card(id: string, value: string, notes: readonly string[]): void {
  const element = byId(`card-${id}`);
  const [big, small] = [element.querySelector("b"), element.querySelector("small")];
  if (big) setText(big, value);
  if (small) setText(small, notes.join(" "));
}

function showTime(stats: ProxyStats): void {
  const isHours = reach.value === "hours";
  const periods = isHours ? stats.hours : stats.minutes;
  const width = isHours ? 60 * MINUTE : MINUTE;
  const last7Days = 168 * 60 * MINUTE;
  const span = timeSpan(
    stats.now,
    stats.startedAt,
    isHours ? last7Days : 120 * MINUTE,
    isHours ? 24 * 60 * MINUTE : 20 * MINUTE,
  );
  const when = (at: number): string => (isHours ? dayTime(at) : clockTime(at));
  const data = (
    summary: string,
    point: (period: Period) => Omit<Point, "at"> | undefined,
  ): TimePlotData => ({
    span,
    width,
    summary,
    points: periods.flatMap((period) => {
      const made = period.at + width > span[0] ? point(period) : undefined;
      return made ? [{ at: period.at, ...made }] : [];
    }),
  });
  const all = periods.filter(({ at }) => at + width > span[0]);
  const sum = (of: (period: Period) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const [before, after] = [sum((one) => one.tokensBefore), sum((one) => one.tokensAfter)];
  tokensPlot.update(
    data(
      `In this time: ${short(before)} tokens before, ${short(after)} sent, ${percent(ratio(before - after, before))} left out.`,
      ({ at, tokensBefore, tokensAfter, requests: count }) => ({
        values: [tokensBefore, tokensAfter],
        says: `${when(at)}: ${short(tokensBefore)} tokens before, ${short(tokensAfter)} sent, ${percent(ratio(tokensBefore - tokensAfter, tokensBefore))} left out, ${plural(count, "request")}`,
      }),
    ),
  );
  const worst = Math.max(0, ...all.map(({ addedP95Ms = 0 }) => addedP95Ms));
  addedPlot.update(
    data(
      `Highest p95 of ${isHours ? "an hour" : "a minute"}: ${milliseconds(worst)}.`,
      ({ at, addedP50Ms, addedP95Ms }) =>
        addedP50Ms === undefined
          ? undefined
          : {
              values: [addedP95Ms, addedP50Ms],
              says: `${when(at)}: p50 ${milliseconds(addedP50Ms)}, p95 ${milliseconds(addedP95Ms)}`,
            },
    ),
  );
  const [read, input] = [sum((one) => one.cacheReadTokens), sum((one) => one.inputTokens)];
  cachePlot.update(
    data(
      `In this time ${percent(ratio(read, input))} of ${short(input)} input tokens.`,
      ({ at, cacheReadTokens, inputTokens }) => {
        const share = ratio(cacheReadTokens, inputTokens);
        return share === undefined
          ? undefined
          : {
              values: [share],
              says: `${when(at)}: ${percent(share)} of ${short(inputTokens)} input tokens`,
            };
      },
    ),
  );
}

function say(text: string, state: "live" | "paused" | "lost"): void {
  const status = byId("status");
  setText(status, text);
  status.dataset.state = state;
}

function askForToken(wasGiven: boolean): void {
  byId("token-form").hidden = false;
  byId("figures").hidden = true;
  byId("empty").hidden = true;
  byId("forget").hidden = true;
  byId("pause").hidden = true;
  byId("links").hidden = true;
  setText(byId("token-problem"), wasGiven ? "The proxy does not take this token." : "");
  keepToken(undefined);
  say("Waiting for the token", "paused");
}

let timer: ReturnType<typeof setTimeout> | undefined;
async function poll(): Promise<void> {
  clearTimeout(timer);
  const answer = await readStats();
  if ("needsToken" in answer) return askForToken(answer.wasGiven);
  if ("stats" in answer) {
    lastAnswer = Date.now();
    byId("token-form").hidden = true;
    byId("forget").hidden = token() === undefined;
    byId("pause").hidden = false;
    // A link cannot carry the token.
    byId("links").hidden = token() !== undefined;
    show(answer.stats);
    if (!isPaused) say("Live", "live");
  } else {
    const since = lastAnswer === undefined ? "" : ` Figures are of ${clockTime(lastAnswer, true)}.`;
    say(`${answer.problem} Trying again.${since}`, "lost");
  }
  plan();
}

function plan(): void {
  clearTimeout(timer);
  if (!isPaused && !document.hidden) timer = setTimeout(() => void poll(), EVERY_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !isPaused && byId("token-form").hidden) void poll();
});
reach.addEventListener("change", () => last && showTime(last));
byId("pause").addEventListener("click", (event) => {
  isPaused = !isPaused;
  (event.currentTarget as HTMLElement).textContent = isPaused ? "Go on" : "Pause";
  if (isPaused) say("Paused", "paused");
  else void poll();
  if (isPaused) clearTimeout(timer);
});
byId("forget").addEventListener("click", () => askForToken(false));
byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = byId<HTMLInputElement>("token");
  if (input.value === "") return;
  keepToken(input.value.trim());
  input.value = "";
  void poll();
});
for (const element of document.querySelectorAll("[data-origin]"))
  element.textContent = (element.textContent ?? "").replace("ORIGIN", location.origin);
void poll();
