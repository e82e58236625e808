/** Savings by tool, or by kind: a table whose bars are to one scale. */
import type { TokenRow } from "../src/stats/types.ts";
import { h } from "./dom.ts";
import { percent, plural, ratio, short } from "./format.ts";

const SHOWN = 8;

export interface TokenTable {
  readonly element: HTMLElement;
  update(rows: readonly TokenRow[]): void;
}

/** @param what is told apart, as the head of the first column; with the words for several */
export function tokenTable(what: string, several: string, nothing: string): TokenTable {
  const body = h("tbody");
  const table = h(
    "table",
    { class: "tokens" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, what),
        h("th", { scope: "col", class: "bar" }, "Tokens"),
        h("th", { scope: "col", class: "number" }, "Before"),
        h("th", { scope: "col", class: "number" }, "After"),
        h("th", { scope: "col", class: "number" }, "Left out"),
      ),
    ),
    body,
  );
  const more = h("button", { type: "button", class: "quiet" });
  const empty = h("p", { class: "empty" }, nothing);
  let showsAll = false;
  let last: readonly TokenRow[] = [];
  const update = (rows: readonly TokenRow[]): void => {
    last = rows;
    const shown = showsAll ? rows : rows.slice(0, SHOWN);
    const largest = Math.max(0, ...rows.map(({ tokensBefore }) => tokensBefore));
    body.replaceChildren(...shown.map((row) => rowOf(row, largest)));
    table.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    more.hidden = rows.length <= SHOWN;
    more.textContent = showsAll
      ? `Show the first ${SHOWN}`
      : `Show all ${plural(rows.length, what.toLowerCase(), several)}`;
    more.setAttribute("aria-expanded", String(showsAll));
  };
  more.addEventListener("click", () => {
    showsAll = !showsAll;
    update(last);
  });
  return { element: h("div", {}, table, empty, more), update };
}

function rowOf({ name, blocks, tokensBefore, tokensAfter }: TokenRow, largest: number): Element {
  const saved = ratio(tokensBefore - tokensAfter, tokensBefore);
  const after = h("i", { class: "after" });
  const before = h("i", { class: "before" });
  before.style.width = `${((ratio(tokensBefore, largest) ?? 0) * 100).toFixed(2)}%`;
  after.style.width = `${((ratio(tokensAfter, largest) ?? 0) * 100).toFixed(2)}%`;
  return h(
    "tr",
    {},
    h("th", { scope: "row", title: `${name}: ${plural(blocks, "text")}` }, ...breakable(name)),
    h("td", { class: "bar", "aria-hidden": "true" }, h("span", {}, before, after)),
    h("td", { class: "number" }, short(tokensBefore)),
    h("td", { class: "number" }, short(tokensAfter)),
    h("td", { class: "number strong" }, percent(saved)),
  );
}

/** A name that is broken into lines between its words. */
function breakable(name: string): (Node | string)[] {
  return name
    .split(/(?<=[_.:/-])(?=[^_.:/-])/)
    .flatMap((word, at) => (at === 0 ? [word] : [h("wbr"), word]));
}
