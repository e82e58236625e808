/**
 * The report of `headroom measure --html`: one file that loads nothing and runs nothing, in the look of the proxy's dashboard.
 *
 * Every text in it is escaped: names of tools and paths come from files that others may have written.
 */
import type { PriceTable } from "@headroom/core";
import { formatCount, formatShare } from "../words.ts";
import { escaped } from "./escaped.ts";
import { linePlot } from "./line-plot.ts";
import type { Measurement } from "./measurement-table.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { addCosts, type MeasuredCost, type SimulatedSession, unitOf } from "./session-cost.ts";
import type { Sum } from "./tally.ts";

const TOP_ROWS = 15;
const TOP_SESSIONS = 6;
const TOP_COSTS = 30;

/** @param prices what `measurement.sessions` were simulated with */
export function htmlReport(measurement: Measurement, prices: PriceTable | undefined): string {
  const { tally, sessions = [] } = measurement;
  const sections = [
    panel("Left out by tool", sumTable("Tool", tally.byTool())),
    panel("Left out by kind of content", sumTable("Kind", tally.byKind())),
    ...sessionSections(sessions, prices),
    panel("Not compressed, and why", reasonTable(measurement)),
    ...cacheSection(measurement),
    ...skippedSection(measurement),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Headroom: what would be saved</title>
<link rel="icon" href="data:,">
<style>${REPORT_STYLE}</style>
</head>
<body>
<header><h1>Headroom <span>${escaped(whatWasMeasured(measurement))}</span></h1></header>
<main>
${cards(measurement, prices)}
${sections.join("\n")}
</main>
<footer><p>Made on this machine by <code>headroom measure</code>. It has figures, names of tools and paths of files, and nothing of what stands in them.</p></footer>
</body>
</html>
`;
}

function whatWasMeasured({ files, transcripts, sources }: Measurement): string {
  const agents = (sources ?? [])
    .filter(({ sessions }) => sessions > 0)
    .map(({ agent, sessions }) => `${formatCount(sessions)} of ${agent}`);
  const what = `${formatCount(files)} files, ${formatCount(transcripts)} of them conversations`;
  return agents.length > 0 ? `${what}: ${agents.join(", ")}` : what;
}

function cards(
  { tally, sessions = [], milliseconds }: Measurement,
  prices: PriceTable | undefined,
): string {
  const { tokensBefore, tokensAfter, savedLossless, blocks, changed } = tally.total();
  const saved = tokensBefore - tokensAfter;
  const costs = sessions.map(({ cost }) => cost);
  const cost = costs.length > 0 ? costs.reduce(addCosts) : undefined;
  const rows: (readonly [string, string, string])[] = [
    [
      "Tokens left out",
      share(saved, tokensBefore),
      `${formatCount(tokensBefore)} → ${formatCount(tokensAfter)}`,
    ],
    ["Of it without any loss", share(savedLossless, saved), "the rest can be retrieved"],
    ...(cost && prices
      ? [
          [
            "Cost saved",
            share(cost.without - cost.with, cost.without),
            `${amount(cost.without)} → ${amount(cost.with)}, cache included`,
          ] as const,
        ]
      : []),
    [
      "Texts shortened",
      formatCount(changed),
      `of ${formatCount(blocks)}, in ${(milliseconds / 1_000).toFixed(1)} s`,
    ],
  ];
  const items = rows.map(
    ([name, figure, note], at) =>
      `<li${at === 0 ? ' class="first"' : ""}><span>${escaped(name)}</span><b>${escaped(figure)}</b><small>${escaped(note)}</small></li>`,
  );
  return `<ul class="cards">${items.join("")}</ul>`;
}

function panel(title: string, body: string): string {
  return `<section class="panel"><h2>${escaped(title)}</h2>${body}</section>`;
}

function sumTable(first: string, sums: readonly Sum[]): string {
  if (sums.length === 0) return '<p class="empty">Nothing of that kind.</p>';
  const shown = sums.slice(0, TOP_ROWS);
  const most = Math.max(...shown.map(({ tokensBefore }) => tokensBefore), 1);
  const rows = shown.map(({ name, tokensBefore, tokensAfter }) => {
    const width = (tokens: number): string => ((tokens / most) * 100).toFixed(2);
    return `<tr><th scope="row">${escaped(name)}</th><td class="bar"><span><i class="before" style="width:${width(tokensBefore)}%"></i><i class="after" style="width:${width(tokensAfter)}%"></i></span></td><td class="number">${formatCount(tokensBefore)}</td><td class="number">${formatCount(tokensAfter)}</td><td class="number strong">${share(tokensBefore - tokensAfter, tokensBefore)}</td></tr>`;
  });
  const more = sums.length - shown.length;
  return `${legend("bar")}<table class="tokens"><thead><tr><th>${first}</th><th></th><th class="number">Before</th><th class="number">After</th><th class="number">Saved</th></tr></thead><tbody>${rows.join("")}</tbody></table>${more > 0 ? `<p class="empty">… and ${formatCount(more)} more</p>` : ""}`;
}

function legend(key: "bar" | "line"): string {
  return `<ul class="legend"><li><i class="key ${key} before"></i>without</li><li><i class="key ${key} after"></i>with Headroom</li></ul>`;
}

function sessionSections(
  sessions: readonly SimulatedSession[],
  prices: PriceTable | undefined,
): readonly string[] {
  const played = sessions.filter(({ turns }) => turns.length > 0);
  if (played.length === 0 || !prices) return [];
  const longest = played.toSorted((a, b) => b.turns.length - a.turns.length).slice(0, TOP_SESSIONS);
  const plots = (of: (session: SimulatedSession) => string): string =>
    `${legend("line")}<div class="plots">${longest.map((session) => `<figure><figcaption>${escaped(shortPath(session.cost.path))}, ${formatCount(session.turns.length)} requests</figcaption>${of(session)}</figure>`).join("")}</div>`;
  const tokens = plots(({ turns, cost }) =>
    linePlot({
      label: `Tokens of each request of ${cost.path}`,
      without: turns.map((turn) => turn.tokensWithout),
      with: turns.map((turn) => turn.tokensWith),
      format: short,
    }),
  );
  const money = plots(({ turns, cost }) =>
    linePlot({
      label: `Cost of ${cost.path} up to each request`,
      without: turns.map((turn) => turn.costWithout),
      with: turns.map((turn) => turn.costWith),
      format: shortAmount,
    }),
  );
  return [
    panel(
      "Tokens of each request",
      `<p class="note">The longest sessions. Where the model would look something up, the request is sent again with it: both are counted.</p>${tokens}`,
    ),
    panel(
      "Cost up to each request",
      `<p class="note">Simulated with the provider’s prompt cache, ${escaped(unitOf(prices))}.</p>${money}`,
    ),
    panel("Cost of each session", costTable(played.map(({ cost }) => cost))),
  ];
}

function costTable(costs: readonly MeasuredCost[]): string {
  const sorted = costs.toSorted((a, b) => b.without - a.without);
  const shown = sorted.slice(0, TOP_COSTS);
  const most = Math.max(...shown.map(({ without }) => without), 1e-9);
  const row = ({ path, without, with: less }: MeasuredCost, hasBar: boolean): string => {
    const bar = hasBar
      ? `<span><i class="before" style="width:${((without / most) * 100).toFixed(2)}%"></i><i class="after" style="width:${((less / most) * 100).toFixed(2)}%"></i></span>`
      : "";
    return `<tr><th scope="row">${escaped(shortPath(path))}</th><td class="bar">${bar}</td><td class="number">${amount(without)}</td><td class="number">${amount(less)}</td><td class="number strong">${share(without - less, without)}</td></tr>`;
  };
  const total = row({ ...costs.reduce(addCosts), path: "all" }, false);
  const more = sorted.length - shown.length;
  return `<table class="tokens"><thead><tr><th>Session</th><th></th><th class="number">Without</th><th class="number">With</th><th class="number">Saved</th></tr></thead><tbody>${shown.map((cost) => row(cost, true)).join("")}${total}</tbody></table>${more > 0 ? `<p class="empty">… and ${formatCount(more)} more</p>` : ""}`;
}

function reasonTable({ tally }: Measurement): string {
  const rows = tally
    .reasons()
    .slice(0, TOP_ROWS)
    .map(
      ({ reason, blocks, tokens }) =>
        `<tr><th scope="row">${escaped(reason)}</th><td class="number">${formatCount(blocks)}</td><td class="number">${formatCount(tokens)}</td></tr>`,
    );
  return `<table class="reasons"><thead><tr><th>Because</th><th class="number">Texts</th><th class="number">Tokens</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function cacheSection({ stability }: Measurement): readonly string[] {
  if (!stability) return [];
  const { requests, broken, lostTokens, changes } = stability;
  const advice = [...new Set(changes.map((change) => change.advice))];
  return [
    panel(
      "Prompt cache",
      `<p>${formatCount(broken)} of ${formatCount(requests)} requests did not begin as the one before: ${formatCount(lostTokens)} tokens sent again.</p><ul>${advice.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`,
    ),
  ];
}

function skippedSection({ skipped }: Measurement): readonly string[] {
  if (skipped.length === 0) return [];
  const rows = skipped
    .slice(0, TOP_ROWS)
    .map(
      ({ path, reason }) => `<li><code>${escaped(shortPath(path))}</code>: ${escaped(reason)}</li>`,
    );
  return [panel(`Left out: ${formatCount(skipped.length)} files`, `<ul>${rows.join("")}</ul>`)];
}

function share(part: number, whole: number): string {
  return whole === 0 || part === 0 ? "–" : formatShare(part / whole);
}

function amount(cost: number): string {
  return cost >= 100 ? formatCount(cost) : cost.toFixed(cost >= 1 ? 2 : 4);
}

/** For axes. */
function shortAmount(cost: number): string {
  return cost >= 100 ? formatCount(cost) : String(Number(cost.toPrecision(3)));
}

/** `12.3k`, for axes. */
function short(count: number): string {
  if (count >= 1e6) return `${trimmed(count / 1e6)}M`;
  return count >= 1e3 ? `${trimmed(count / 1e3)}k` : String(Math.round(count));
}

function trimmed(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0).replace(/\.0$/, "");
}

/** Folder and name: the end of a path says more than its start. */
function shortPath(path: string): string {
  const name = path
    .split(/[\\/]/)
    .slice(-2)
    .join("/")
    .replace(/\.jsonl?$/, "");
  return name.length <= 48 ? name : `${name.slice(0, 23)}…${name.slice(-24)}`;
}
