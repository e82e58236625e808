/** Pages made by a seed, with the text of their article: sites of different makes, as tidy and as untidy as those of the web. */

export interface MadePage {
  readonly html: string;
  /** The words of the article, without its title. */
  readonly article: string;
  /** Where the links of the article lead. */
  readonly links: readonly string[];
}

type Random = () => number;

/** A page with an article of some paragraphs. */
export function articlePage(random: Random): MadePage {
  const made = bodyOf(random);
  const title = sentence(random, 4, 9).slice(0, -1);
  const site = pick(["Daily Post", "Notes", "Acme Docs"], random);
  const wrap = pick(LAYOUTS, random);
  const isMinified = random() < 0.3;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} | ${site}</title>
<style>.a{color:red}</style><link rel="stylesheet" href="/a.css">
<script>window.page = {"article": "<p>not this</p></article>", n: ${whole(random, 1e6)}};</script></head>
<body>${wrap(`<h1>${title}</h1>\n${made.html}`, random)}
<script>track("</article>")</script></body></html>
`;
  return {
    html: isMinified ? html.replaceAll("\n", "") : html,
    article: made.text,
    links: made.links,
  };
}

/** A page of parts that are no article: a form, a table, a list of results. */
export function otherPage(random: Random): string {
  const rows = many(4 + whole(random, 20), () => {
    const cells = many(4, () => `<td>${pick(WORDS, random)} ${whole(random, 1_000)}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const results = many(3 + whole(random, 12), () => {
    const href = `/item/${whole(random, 10_000)}`;
    return `<li><a href="${href}">${sentence(random, 3, 7)}</a> <span>${whole(random, 100)} EUR</span></li>`;
  });
  return `<html><head><title>Orders</title></head><body>${navigation(random)}
<form action="/search" method="post"><label>Name <input name="q" placeholder="what"></label><select name="s"><option>new<option>old</select><button>Go</button></form>
<h2>Results</h2><ul>${results.join("\n")}</ul>
<table><thead><tr><th>A<th>B<th>C<th>D</tr></thead><tbody>${rows.join("\n")}</tbody></table>
<div hidden>${sentence(random, 5, 9)}</div>${footer(random)}</body></html>`;
}

const WORDS =
  "river market paper engine garden signal harbor winter letter bridge method number village weather report season copper planet forest record window system travel memory answer border camera doctor".split(
    " ",
  );
const SMALL = "the a of in on with and from to by for under over".split(" ");

function bodyOf(random: Random): { html: string; text: string; links: readonly string[] } {
  const html: string[] = [];
  const text: string[] = [];
  const links: string[] = [];
  const add = (markup: string, words: string): void => {
    html.push(markup);
    text.push(words);
  };
  const paragraph = (): void => {
    const words = many(3 + whole(random, 5), () => sentence(random, 8, 22)).join(" ");
    if (random() < 0.4) {
      const href = `https://example.org/${pick(WORDS, random)}/${whole(random, 1e5)}?a=1&amp;b=2`;
      links.push(href.replace("&amp;", "&"));
      const anchor = sentence(random, 2, 4).slice(0, -1);
      add(`<p>${words} See <a href="${href}">${anchor}</a>.</p>`, `${words} See ${anchor}.`);
    } else add(random() < 0.2 ? `<p>${words}` : `<p>${words}</p>`, words);
  };
  for (let section = 0; section < 2 + whole(random, 4); section++) {
    if (section > 0) {
      const title = sentence(random, 2, 5).slice(0, -1);
      add(`<h2>${title}</h2>`, title);
    }
    for (let at = 0; at < 2 + whole(random, 4); at++) paragraph();
    if (random() < 0.3) {
      const items = many(3 + whole(random, 4), () => sentence(random, 6, 14));
      add(`<ul>${items.map((item) => `<li>${item}`).join("")}</ul>`, items.join("\n"));
    }
    if (random() < 0.25) {
      const rows = many(3 + whole(random, 5), () => [
        pick(WORDS, random),
        `${whole(random, 9_999)}`,
      ]);
      const drawn = rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`);
      add(
        `<table><tr><th>Name</th><th>Value</th></tr>${drawn.join("")}</table>`,
        ["Name Value", ...rows.map((row) => row.join(" "))].join("\n"),
      );
    }
    if (random() < 0.2)
      add("<pre><code>if (a &lt; b) {\n  run();\n}</code></pre>", "if (a < b) {\n  run();\n}");
  }
  return { html: html.join("\n"), text: text.join("\n"), links };
}

type Layout = (article: string, random: Random) => string;

const LAYOUTS: readonly Layout[] = [
  (article, random) =>
    `<header>${navigation(random)}</header><main><article>${article}</article></main><aside>${related(random)}</aside>${footer(random)}`,
  (article, random) =>
    `<div id="wrap"><div class="navbar">${navigation(random)}</div><div class="content"><div class="post">${article}</div></div><div class="sidebar">${related(random)}</div></div>${footer(random)}`,
  (article, random) =>
    `<table><tr><td width="200">${navigation(random)}</td><td><div class="story">${article}</div></td></tr></table>${footer(random)}`,
];

function navigation(random: Random): string {
  const items = many(
    6 + whole(random, 14),
    (at) => `<li><a href="/section/${at}">${pick(WORDS, random)}</a></li>`,
  );
  return `<nav><ul class="menu">${items.join("\n")}</ul></nav><!-- navigation --><svg><path d="M0 0"/></svg>`;
}

function related(random: Random): string {
  const items = many(
    4 + whole(random, 6),
    () => `<li><a href="/story/${whole(random, 1e5)}">${sentence(random, 5, 9)}</a></li>`,
  );
  return `<h3>Related</h3><ul class="related">${items.join("\n")}</ul>`;
}

function footer(random: Random): string {
  return `<footer><p>Copyright ${2_000 + whole(random, 26)} <a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></p></footer>`;
}

function sentence(random: Random, least: number, most: number): string {
  const words = many(least + whole(random, most - least), (at) =>
    at % 3 === 1 ? pick(SMALL, random) : pick(WORDS, random),
  );
  const text = words.join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${random() < 0.1 ? `, ${whole(random, 5_000)}` : ""}.`;
}

function many<Made>(count: number, make: (at: number) => Made): readonly Made[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[whole(random, items.length)] as Item;
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}
