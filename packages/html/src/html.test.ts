/** Pages: their words come through, their markup does not, and nothing that a page holds makes it throw, hang or run. */
import { compressorCases } from "@headroom/conformance";
import { type Compressor, createHeadroom, memoryStore, type View } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { settle } from "@headroom/core/kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "../../core/test/generated/random.ts";
import { itIsTrue } from "../../core/test/truth.ts";
import { articlePage, otherPage } from "../test/pages.ts";
import { htmlCompressor } from "./html.ts";

const compressor = htmlCompressor();
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 100);

async function viewOf(html: string, budgetTokens = 1e6, query?: string): Promise<View> {
  const asked = query === undefined ? {} : { query };
  const view = await settle(compressor.shorten?.(html, { counter, budgetTokens, ...asked }));
  if (view === undefined) throw new Error("no view");
  return view;
}

/** The words of a Markdown, without where its links lead. */
function wordsOf(markdown: string): readonly string[] {
  return markdown.replace(/\]\([^)\s]*\)/g, "]").match(/[\p{L}\p{N}]+/gu) ?? [];
}

describe("the laws of compressors", () => {
  const pages = [1, 2, 3].map((seed) => articlePage(randomOf(seed)).html);
  const samples = [
    ...pages,
    otherPage(randomOf(4)),
    `<div>${"<p>A <b>few</b> words.</p>\n".repeat(40)}</div>`,
  ];
  for (const law of compressorCases({ create: htmlCompressor, samples, runs: 40 }))
    it(law.name, law.run);
});

describe("what a view says", () => {
  itIsTrue("articles", compressor, (random) => articlePage(random).html);
  itIsTrue("other pages", compressor, otherPage);
});

describe("an article", () => {
  it("has all its words in order, its links, its table, and next to nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { html, article, links } = articlePage(randomOf(seed));
        const { text } = await viewOf(html);
        const shown = ` ${wordsOf(text).join(" ")} `;
        for (const line of article.split("\n").filter((each) => /\w/.test(each)))
          expect(shown, `${seed}: ${line}`).toContain(` ${wordsOf(line).join(" ")} `);
        for (const link of links) expect(text).toContain(`](${link})`);
        expect(text).not.toMatch(/Imprint|\/section\/|not this|track\(|color:red/);
      }),
      { numRuns: runs },
    );
  });

  it("is shown with what answers the question where there is no room for all of it", async () => {
    const filler =
      "<p>The river flows under the bridge, and the market opens at nine in the morning.</p>\n";
    const html = `<html><body><article>${filler.repeat(60)}<p>The password of the harbor is kept by Ms Okafor.</p>${filler.repeat(60)}</article></body></html>`;
    const { text, omitted } = await viewOf(html, 300, "Who keeps the password of the harbor?");
    expect(text).toContain("The password of the harbor is kept by Ms Okafor.");
    expect(text).toMatch(/^… \d+ blocks \(lines \d+-\d+\)$/m);
    expect(omitted.map(({ unit }) => unit)).toEqual(["characters", "blocks"]);
  });

  it("gives up where its links lead before it gives up words", async () => {
    const points = Array.from(
      { length: 30 },
      (_, at) =>
        `<p>Point ${at} of the report is told <a href="https://example.org/reports/2026/points/${at}?from=index">in a page of its own</a>, and is not short.</p>`,
    );
    const html = `<html><body><article>${points.join("\n")}</article></body></html>`;
    const whole = await viewOf(html);
    const { text, omitted } = await viewOf(html, counter.count(whole.text) * 0.7);
    expect(whole.text).toContain("](https://");
    for (let at = 0; at < 30; at++)
      expect(text).toContain(`Point ${at} of the report is told in a page of its own, and`);
    expect(text).not.toContain("https://");
    expect(text).toMatch(/^… 30 of 30 links stand without where they lead$/m);
    expect(omitted[1]).toEqual({ unit: "link targets", count: 30, total: 30 });
  });
});

describe("a page that is no article", () => {
  it("keeps headings, lists, tables, fields and links, and says what it leaves out", async () => {
    const html = `<!DOCTYPE html><html><head><title>Shop</title><script>x</script></head><body>
<nav><a href="/a">A</a><a href="/b">B</a></nav>
<h2>Orders &amp; returns</h2>
<form action="/find" method="post"><label>Order <input name="order" placeholder="1234"></label>
<select name="year"><option>2025</option><option>2026</option></select><button>Find</button></form>
<table><caption>Open</caption><tr><th>Id<th>Total</tr><tr><td>7<td>1.50 | net</tr></table>
<ol start="3"><li>Pack<ul><li><a href="/box?a=1&amp;b=2">Box</a></ul><li>Send<br>today</ol>
<blockquote><p>Thanks</p></blockquote><dl><dt>Tax<dd>19 %</dl>
<pre>a  b
  c</pre><p>See <code>x_y</code> and <img src="/i.png" alt="a chart"><img src="/j.png">.</p>
<div style="display: none">unseen words</div>
</body></html>`;
    const { text, omitted } = await viewOf(html);
    expect(text).toBe(`# Shop

## Orders & returns

[form POST /find]

Order [text order "1234"] [select year 2025 | 2026] [button "Find"]

Open

| Id | Total |
| --- | --- |
| 7 | 1.50 \\| net |

3. Pack
  - [Box](/box?a=1&b=2)
4. Send
  today

> Thanks

Tax

: 19 %

\`\`\`
a  b
  c
\`\`\`

See \`x_y\` and ![a chart](/i.png).
… 2 of 17 blocks and 2 of 3 links are navigation, footers or hidden (lines 2, 11)
`);
    expect(omitted.map(({ unit, count, total }) => `${unit} ${count}/${total}`)).toEqual([
      expect.stringMatching(/^characters \d+\/\d+$/),
      "blocks 2/17",
      "links 2/3",
    ]);
  });

  it("shows its navigation where there is nothing else", async () => {
    const links = Array.from({ length: 40 }, (_, at) => `<li><a href="/${at}">Page ${at}</a>`);
    const { text } = await viewOf(
      `<html><body><nav><ul>${links.join("")}</ul></nav></body></html>`,
    );
    expect(text).toContain("[Page 39](/39)");
  });
});

describe("what a page means", () => {
  const textOf = async (body: string): Promise<string> =>
    (
      await viewOf(
        `<html><body><main>${body}<p>${"More words. ".repeat(40)}</p></main></body></html>`,
      )
    ).text;

  it("cells stand in their column beside one that takes several rows", async () => {
    const rows = "<tr><td rowspan=2>disk<td>read<td>1<tr><td>write<td>2<tr><td colspan=2>all<td>3";
    const text = await textOf(`<table><tr><th>a<th>b<th>c${rows}</table>`);
    expect(text).toContain("| disk | read | 1 |\n|  | write | 2 |\n| all |  | 3 |\n");
  });

  it("two tables, and two lists, are two", async () => {
    const table = (cell: string): string =>
      `<table><tr><td>${cell}<td>1<tr><td>${cell}<td>2</table>`;
    const text = await textOf(
      `${table("x")}${table("y")}<ul><li>m</ul><ol><li>n<ul><li>o</ul></ol>`,
    );
    expect(text).toContain("| x | 2 |\n\n| y | 1 |");
    expect(text).toContain("- m\n\n1. n\n  - o\n");
  });

  it("an exponent and an index are no digits of the number before", async () => {
    const text = await textOf(
      "<p>10<sup>6</sup> m<sup>2</sup> 2<sup>-3</sup> 10<sub>2</sub> H<sub>2</sub>O the 1<sup>st</sup></p>",
    );
    expect(text).toContain("10^6 m^2 2^-3 10_2 H2O the 1st");
  });

  it("a list of choices says all of them, in groups too, and which is chosen", async () => {
    const choices = "<option>one<optgroup label=more><option selected>two<option>three</optgroup>";
    expect(await textOf(`<form><select name=n>${choices}</select></form>`)).toContain(
      "[select n one | two (selected) | three]",
    );
  });

  it("code keeps its indentation, wherever it stands", async () => {
    const code = "if x:\n    y = 1\n\n    z = 2";
    for (const body of [
      `<pre>${code}</pre>`,
      `<ul><li>item<pre><code>${code}</code></pre></ul>`,
      `<dl><dt>a<dd><pre>${code.replaceAll("\n", "<br>")}</pre></dl>`,
      `<details><summary>s</summary><pre><span>${code}</span></pre></details>`,
    ])
      expect(await textOf(body)).toContain(`\n${code}\n`);
  });

  it("a section of a manual stays that Readability takes out by its name", async () => {
    const section = (at: number): string =>
      `<h2>Window ${at}</h2><p>${"What it does is told here, in some words. ".repeat(12)}</p>
<section id="file-menu-${at}"><p>Save ${at} writes the window to a file.</p></section>`;
    const sections = Array.from({ length: 24 }, (_, at) => section(at));
    const { text } = await viewOf(
      `<html><body><article>${sections.join("\n")}</article></body></html>`,
    );
    for (let at = 0; at < 23; at++) expect(text).toContain(`Save ${at} writes`);
  });
});

const templateOf = (line: (at: number) => string): string =>
  `<div>\n${Array.from({ length: 40 }, (_, at) => line(at)).join("\n")}\n</div>`;

describe("detection", () => {
  it.each([
    ["a document", "<!DOCTYPE html>\n<html><head></head><body></body></html>", 0.97],
    ["XHTML", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html xmlns="y"><body>', 0.97],
    ["a document below headers", "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><body>", 0.97],
    ["a part of a page", "<div>".repeat(3) + "<p>words</p>\n".repeat(9), 0.85],
    ["prose about HTML", "Use <!doctype html> and <html> at the start of a page.", 0],
    [
      "XML",
      `<?xml version="1.0"?><project>${"<dependency><version>1</version></dependency>".repeat(9)}`,
      0,
    ],
    ["components", `<template>\n${"<MyList :items='a' />\n<MyItem/>".repeat(20)}</template>`, 0],
    [
      "a component",
      templateOf((at) => `<p v-if="rows[${at}]" @click="go">{{ rows[${at}] }}</p>`),
      0,
    ],
    ["a part of a Svelte file", templateOf((at) => `{#if a[${at}]}<p on:click={go}>x</p>{/if}`), 0],
    [
      "a template of Jinja",
      templateOf((at) => `<p>{% if a[${at}] %}{{ a[${at}] }}{% endif %}</p>`),
      0,
    ],
    ["a template of Angular", templateOf((at) => `<p *ngIf="a[${at}]" (click)="go()">x</p>`), 0],
    [
      "a page that PHP fills",
      `<!doctype html><html><body>${templateOf((at) => `<p><?php echo $a[${at}] ?></p>`)}`,
      0,
    ],
    ["a page that Rails fills", `<html><body>${templateOf((at) => `<p><%= a[${at}] %></p>`)}`, 0],
    [
      "a document that a browser fills",
      `<html><body>${templateOf((at) => `<p v-if="a[${at}]">{{ a }}</p>`)}`,
      0.97,
    ],
    [
      "a diff of a page",
      "--- a/index.html\n+++ b/index.html\n-<html>\n+<html lang='en'>\n <body>",
      0,
    ],
    ["JSON", '{"html": "<html><body></body></html>"}', 0],
    ["a numbered read", "     1\t<!doctype html>\n     2\t<html>\n     3\t<body>", 0],
    [
      "Markdown with tags",
      `<p align="center"><img src="a"></p>\n\n${"# A title\n\nWords of the document.\n".repeat(30)}`,
      0,
    ],
  ])("of %s", (_, text, score) => expect(compressor.detect(text)).toBe(score));
});

describe("hostile pages", () => {
  const words = "<p>Some words of a page that people read.</p>";
  const pages: readonly (readonly [what: string, make: (size: number) => string])[] = [
    ["nested elements", (size) => `<html>${"<div>".repeat(size)}${words}${"</div>".repeat(size)}`],
    [
      "nested elements and other end tags",
      (size) => `<html>${"<div>".repeat(size)}${"</b></i>".repeat(size)}${words}`,
    ],
    ["nested lists", (size) => `<html>${"<ul><li>".repeat(size)}${words}`],
    ["nested tables", (size) => `<html>${"<table><tr><td>".repeat(size)}${words}`],
    ["nested inline elements", (size) => `<html>${"<b><a href=x>".repeat(size)}${words}`],
    ["unclosed paragraphs", (size) => `<html>${"<p>word ".repeat(size)}`],
    ["unclosed formatting", (size) => `<html>${"<font><em>word ".repeat(size)}`],
    ["entities", (size) => `<html>${words}${"&amp;&#x1F600;&notit;".repeat(size)}`],
    [
      "attributes",
      (size) =>
        `<html><div ${Array.from({ length: size }, (_, at) => `a${at}=b`).join(" ")}>${words}`,
    ],
    ["an endless attribute", (size) => `<html>${words}<a href="${"x".repeat(size * 4)}`],
    ["brackets", (size) => `<html>${words}${"<".repeat(size * 4)}`],
    ["an open comment", (size) => `<html>${words}<!--${"-->x<!--".repeat(size)}`],
    ["cells", (size) => `<html><table><tr>${"<td colspan=1000>x".repeat(size)}</table>${words}`],
    ["line breaks", (size) => `<html>${words}${"a<br>".repeat(size)}`],
    [
      "cells over many rows",
      (size) => `<html><table>${"<tr><td rowspan=9999>x<td>y".repeat(size / 2)}</table>${words}`,
    ],
    ["exponents", (size) => `<html>${words}${"x<sup>2</sup>".repeat(size)}`],
    [
      "groups of choices",
      (size) => `<html>${words}<select>${"<optgroup><option>x".repeat(size)}</select>`,
    ],
    ["siblings", (size) => `<html>${words}${"<span>a</span>\n".repeat(size)}`],
  ];

  it.each(pages)("of %s neither throw nor take more than their share of time", async (_, make) => {
    const timeOf = async (size: number): Promise<number> => {
      const start = process.cpuUsage();
      await settle(compressor.shorten?.(make(size), { counter, budgetTokens: 500 }));
      return process.cpuUsage(start).user / 1_000;
    };
    await timeOf(2_000);
    // Quadratic work would take a hundred times as long; ten times is linear.
    const small = Math.max(30, await timeOf(4_000));
    expect(await timeOf(40_000)).toBeLessThan(small * 45);
  });

  it("of 5 MB and 100,000 nested elements keep their words", async () => {
    const deep = `<html>${"<div>".repeat(100_000)}${words}`;
    expect((await viewOf(deep)).text).toContain("Some words of a page that people read.");
    const long = `<html><body>${words.repeat(5_000_000 / words.length)}<p>The end.</p>`;
    expect((await viewOf(long, 2_000, "end")).text).toContain("The end.");
  });

  it("end no article with a script that says so, and run none", async () => {
    const text =
      "<p>Words before, and enough of them to be an article that people read.</p>".repeat(9);
    const html = `<html><body><article>${text}<script>globalThis.ran = 1; "</article>"</script><img src=x onerror="globalThis.ran=1" alt="chart"><a href="javascript:globalThis.ran=1">Click</a><p>Words behind it.</p></article></body></html>`;
    const view = await viewOf(html);
    expect(view.text).toContain("Words behind it.");
    expect(view.text).not.toMatch(/ran|javascript:/);
    expect(globalThis).not.toHaveProperty("ran");
  });

  it("of any tags and texts do not throw", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<a href='x y'>",
        "</a>",
        "<h1>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<select>",
        "<option>",
        "<svg>",
        "</svg>",
        "<!--",
        "-->",
        "<textarea>",
        "<title>",
        "<body>",
        "<template>",
        "<br>",
        "… 12 ",
        "&lt;",
        "&#xD800;",
        "<![CDATA[",
        "\u0000",
        "\n",
      ),
      fc.string({ unit: "binary", maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 80 }), async (pieces) => {
        const html = `<html><body>${pieces.join("")}<p>${"words ".repeat(60)}`;
        const view = await settle(compressor.shorten?.(html, { counter, budgetTokens: 60 }));
        if (view) expect(view.text.isWellFormed()).toBe(html.isWellFormed());
      }),
      { numRuns: runs },
    );
  });
});

describe("beside the built-in compressors", () => {
  const headroom = createHeadroom({
    compressors: [...defaultCompressors(), htmlCompressor()],
    store: memoryStore(),
  });

  it("a page is shown as Markdown, and its source is redeemable", async () => {
    const page = Array.from({ length: 4 }, (_, at) =>
      articlePage(randomOf(at + 20)).html.replace(/^[\s\S]*<h1>/, "<h1>"),
    );
    const html = `<!doctype html><html><body><article>${page.join("\n")}</article></body></html>`;
    const { block, ref, text } = await headroom.compressText(html);
    expect(block).toMatchObject({ outcome: "compressed", kind: "html", lossless: false });
    expect(text).toMatch(/html, omitted: \d+ of \d+ characters \(markup\)/);
    const { slices } = await headroom.retrieve({ hash: String(ref), lines: "1-2" });
    expect(slices[0]?.text.trimEnd()).toBe(html.split("\n").slice(0, 2).join("\n"));
  });

  it("a page that a tool read from a file is left to others: an agent may edit it", async () => {
    const { html } = articlePage(randomOf(7));
    const long = html.replace("</body>", `${html}</body>`);
    const kindFor = async (toolName: string): Promise<string | undefined> =>
      (await headroom.compressText(long, { toolName })).block.kind;
    expect(await kindFor("read_file")).not.toBe("html");
    expect(await kindFor("fetch")).toBe("html");
  });

  it("a short page stays as it is", async () => {
    const html = `<!doctype html><html><body>${"<p>Words.</p>".repeat(20)}</body></html>`;
    expect((await headroom.compressText(html)).block.lossless).not.toBe(false);
  });
});

describe("options", () => {
  it("leave a longer page alone", async () => {
    const small: Compressor = htmlCompressor({ maxCharacters: 1_000 });
    const html = articlePage(randomOf(1)).html;
    expect(await settle(small.shorten?.(html, { counter, budgetTokens: 100 }))).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.NaN, "1" as never])("of %s throw", (maxCharacters) =>
    expect(() => htmlCompressor({ maxCharacters })).toThrow(/maxCharacters/),
  );
});
