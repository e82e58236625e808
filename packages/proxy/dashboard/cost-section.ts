/** What the tokens cost, at prices that the user types in. */
import type { ProxyStats } from "../src/stats/types.ts";
import { h, setText } from "./dom.ts";
import { dollars, plural, short } from "./format.ts";
import {
  ALL_MODELS,
  type CostRow,
  costs,
  PRICE_NAMES,
  type PriceName,
  type Prices,
  readPrice,
  readPriceList,
  total,
  writePriceList,
} from "./prices.ts";

const KEPT_AS = "headroom-prices";
const LABELS: Readonly<Record<PriceName, string>> = {
  input: "Input",
  cacheRead: "Cache read",
  cacheWrite: "Cache write",
  output: "Output",
};

export interface CostSection {
  readonly element: HTMLElement;
  update(stats: ProxyStats): { readonly cost?: number; readonly saved?: number };
}

/** @param changed the prices have */
export function costSection(changed: () => void): CostSection {
  let list = readPriceList(kept());
  const choice = h("select", { id: "price-model" });
  const inputs = Object.fromEntries(
    PRICE_NAMES.map((name) => [
      name,
      h("input", { id: `price-${name}`, inputmode: "decimal", autocomplete: "off", size: 8 }),
    ]),
  ) as Record<PriceName, HTMLInputElement>;
  const problem = h("p", { class: "problem", role: "alert", id: "price-problem" });
  const clear = h("button", { type: "button", class: "quiet" }, "Forget these");
  const form = h(
    "form",
    { class: "prices", novalidate: true },
    h("p", { class: "field wide" }, h("label", { for: "price-model" }, "Prices of"), choice),
    ...PRICE_NAMES.map((name) =>
      h("p", { class: "field" }, h("label", { for: `price-${name}` }, LABELS[name]), inputs[name]),
    ),
    h("p", { class: "field buttons" }, h("button", { type: "submit" }, "Set prices"), clear),
    problem,
  );
  const body = h("tbody");
  const note = h("p", { class: "note" });
  const table = h(
    "table",
    { class: "costs" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Model"),
        ...["Uncached input", "Cache read", "Cache write", "Output", "Cost", "Saved"].map((head) =>
          h("th", { scope: "col", class: "number" }, head),
        ),
      ),
    ),
    body,
  );
  const region = h("div", { class: "scroll", tabindex: 0, role: "region" }, table);
  region.setAttribute("aria-label", "Cost by model");
  const details = h(
    "details",
    {},
    h("summary", {}, "Set prices"),
    h("p", { class: "note" }, "US dollars for a million tokens. They stay in this browser."),
    form,
  );

  const fill = (): void => {
    const prices = list.get(choice.value);
    for (const name of PRICE_NAMES) {
      inputs[name].value = prices === undefined ? "" : String(prices[name]);
      inputs[name].removeAttribute("aria-invalid");
    }
    problem.textContent = "";
    clear.hidden = prices === undefined;
  };
  const keep = (next: ReadonlyMap<string, Prices>): void => {
    list = next;
    try {
      localStorage.setItem(KEPT_AS, writePriceList(next));
    } catch {
      problem.textContent = "This browser does not keep them: they are gone with this page.";
    }
    changed();
  };
  choice.addEventListener("change", fill);
  clear.addEventListener("click", () => {
    keep(new Map([...list].filter(([model]) => model !== choice.value)));
    fill();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = PRICE_NAMES.map((name) => [name, readPrice(inputs[name].value)] as const);
    const wrong = given.filter(([, price]) => price === undefined).map(([name]) => name);
    for (const name of PRICE_NAMES) {
      inputs[name].toggleAttribute("aria-invalid", false);
      inputs[name].removeAttribute("aria-describedby");
      if (!wrong.includes(name)) continue;
      inputs[name].setAttribute("aria-invalid", "true");
      inputs[name].setAttribute("aria-describedby", "price-problem");
    }
    const [first] = wrong;
    problem.textContent =
      first === undefined
        ? ""
        : `${wrong.map((name) => LABELS[name]).join(", ")}: a number from 0 is needed, like 3 or 0.30.`;
    if (first !== undefined) return inputs[first].focus();
    const prices = Object.fromEntries(given) as unknown as Prices;
    keep(new Map([...list, [choice.value, prices]]));
    clear.hidden = false;
  });
  offer([]);
  fill();

  function offer(models: readonly string[]): void {
    const wanted = [ALL_MODELS, ...models];
    if (wanted.join("\n") === [...choice.options].map(({ value }) => value).join("\n")) return;
    const chosen = choice.value;
    choice.replaceChildren(
      ...wanted.map((model) =>
        h("option", { value: model }, model === ALL_MODELS ? "all other models" : model),
      ),
    );
    choice.value = wanted.includes(chosen) ? chosen : ALL_MODELS;
  }

  return {
    element: h("div", {}, note, region, details),
    update(stats) {
      const rows = costs(stats, list);
      offer(rows.map(({ model }) => model));
      region.hidden = rows.length === 0;
      body.replaceChildren(...rows.map(rowOf));
      const [cost, saved] = [total(rows, "cost"), total(rows, "saved")];
      const missing = rows.filter((row) => row.cost === undefined).length;
      const { dropped } = stats.usage;
      setText(
        note,
        rows.length === 0
          ? "No provider has reported tokens yet."
          : [
              cost === undefined
                ? "Set prices to see what this cost, and what it would have cost."
                : `${dollars(cost)} spent, about ${dollars(saved)} saved: the tokens left out, at the same mix of cached and other input.`,
              missing > 0 && cost !== undefined
                ? `${plural(missing, "model")} without prices.`
                : "",
              dropped > 0
                ? `${plural(dropped, "answer")} not counted: reading them lagged too far behind.`
                : "",
            ]
              .filter(Boolean)
              .join(" "),
      );
      return { ...(cost === undefined ? {} : { cost }), ...(saved === undefined ? {} : { saved }) };
    },
  };
}

function rowOf(row: CostRow): Element {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, row.model),
    ...[
      short(row.uncachedTokens),
      short(row.cacheReadTokens),
      short(row.cacheWriteTokens),
      short(row.outputTokens),
      dollars(row.cost),
      dollars(row.saved),
    ].map((text) => h("td", { class: "number" }, text)),
  );
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}
