/** Which part of the input the provider read from its cache: in all, and over time. */
import type { ProxyStats } from "../src/stats/types.ts";
import { h, setText } from "./dom.ts";
import { percent, ratio, short } from "./format.ts";

export function cacheBar(): { readonly element: HTMLElement; update(stats: ProxyStats): void } {
  const parts = ["read", "write", "uncached"] as const;
  const bars = parts.map((name) => h("i", { class: name }));
  const texts = parts.map(() => h("b"));
  const labels = ["read from the cache", "written to the cache", "not cached"];
  const element = h(
    "div",
    { class: "share" },
    h("p", { class: "share-bar", "aria-hidden": "true" }, ...bars),
    h(
      "ul",
      { class: "legend" },
      ...parts.map((name, at) =>
        h(
          "li",
          {},
          h("i", { class: `key bar ${name}`, "aria-hidden": "true" }),
          texts[at] ?? "",
          ` ${labels[at] ?? ""}`,
        ),
      ),
    ),
  );
  return {
    element,
    update({ usage: { inputTokens, cacheReadTokens, cacheWriteTokens } }) {
      const counts = [
        cacheReadTokens,
        cacheWriteTokens,
        Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
      ];
      for (const [at, count] of counts.entries()) {
        const share = ratio(count, inputTokens) ?? 0;
        const [bar, text] = [bars[at], texts[at]];
        if (bar) bar.style.width = `${(share * 100).toFixed(2)}%`;
        if (text) setText(text, `${percent(ratio(count, inputTokens))} (${short(count)} tokens)`);
      }
    },
  };
}
