/** Snapshots of pages made by a seed, as the browser tools print them. */

type Random = () => number;

export type Tool = "playwright" | "devtools" | "agent-browser";

export interface MadeSnapshot {
  readonly text: string;
  /** What can be clicked or filled in, by what the tool takes, with its name. */
  readonly controls: readonly Control[];
}

interface Control {
  readonly ref: string;
  readonly role: string;
  readonly name: string;
}

interface Element {
  readonly role: string;
  readonly name?: string;
  readonly url?: string;
  readonly states?: readonly string[];
  readonly text?: string;
  readonly children?: readonly Element[];
}

const WORDS = "river market paper engine garden signal harbor winter letter bridge".split(" ");
const CONTROLS = ["link", "button", "textbox", "checkbox", "combobox"];
const ODD = [
  'a "quoted" word',
  "Final: part two",
  "it's here",
  "… 12 more",
  "#1 > #2",
  "~home",
  "e7",
  "",
];

/** A page with navigation, a table, a list of cards, a form and some paragraphs. */
export function snapshot(random: Random, tool: Tool): MadeSnapshot {
  const root = pageOf(random);
  const controls: Control[] = [];
  const lines: string[] = [];
  let count = 0;
  const write = (element: Element, depth: number): void => {
    // Elements that the tool does not print have numbers too.
    count += random() < 0.1 ? 2 : 1;
    const { role, name, url, states = [], text, children = [] } = element;
    const ref = tool === "devtools" ? `1_${count}` : `e${count}`;
    const acts = CONTROLS.includes(role);
    if (acts) controls.push({ ref, role, name: name ?? "" });
    const indent = "  ".repeat(depth);
    const said = name === undefined ? [] : [JSON.stringify(name)];
    if (tool === "devtools") {
      const more = [...(url === undefined ? [] : [`url="${url}"`]), ...states];
      lines.push(`${indent}${[`uid=${ref}`, role, ...said, ...more].join(" ")}`);
      if (text !== undefined) lines.push(`${indent}  uid=1_${++count} ${JSON.stringify(text)}`);
    } else if (tool === "agent-browser") {
      const own = acts ? [`[${[...states, `ref=${ref}`].join(", ")}]`] : [];
      lines.push(`${indent}- ${[role, ...said, ...own].join(" ")}`);
      if (text !== undefined) lines.push(`${indent}  - StaticText ${JSON.stringify(text)}`);
    } else {
      const marks = [...states.map((each) => `[${each}]`), `[ref=${ref}]`];
      if (role === "link" || (role === "button" && random() < 0.3)) marks.push("[cursor=pointer]");
      const key = [role, ...said, ...marks].join(" ");
      const isOdd = name?.includes(": ") || name?.includes(" #");
      const shown = isOdd ? `'${key.replaceAll("'", "''")}'` : key;
      const isLeaf = children.length === 0 && url === undefined;
      const rest = isLeaf ? (text === undefined ? "" : `: ${yaml(text)}`) : ":";
      lines.push(`${indent}- ${shown}${rest}`);
      if (url !== undefined) lines.push(`${indent}  - /url: ${yaml(url)}`);
      if (text !== undefined && !isLeaf) lines.push(`${indent}  - text: ${yaml(text)}`);
    }
    for (const child of children) write(child, depth + 1);
  };
  write(root, 0);
  return { text: framed(lines, tool), controls };
}

function framed(lines: readonly string[], tool: Tool): string {
  if (tool === "devtools") return `## Latest page snapshot\n${lines.join("\n")}\n`;
  if (tool === "agent-browser") return `${lines.join("\n")}\n`;
  const head = "### Page\n- Page URL: https://example.org/\n- Page Title: Made\n### Snapshot\n";
  return `${head}\`\`\`yaml\n${lines.join("\n")}\n\`\`\``;
}

function yaml(text: string): string {
  return text === "" || text.includes(": ") || /^[\d#"']/.test(text) ? JSON.stringify(text) : text;
}

function pageOf(random: Random): Element {
  const whole = (below: number): number => Math.floor(random() * below);
  const words = (count: number): string =>
    random() < 0.05
      ? (ODD[whole(ODD.length)] ?? "")
      : Array.from({ length: count }, () => WORDS[whole(WORDS.length)]).join(" ");
  const many = (count: number, make: (at: number) => Element): readonly Element[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const link = (): Element => ({
    role: "link",
    name: words(2),
    url: `${random() < 0.5 ? "https://example.org" : ""}/${words(1)}?id=${whole(99)}`,
  });
  const cell = (): Element => ({ role: "cell", name: `${words(1)} ${whole(900)}` });
  const row = (): Element => ({
    role: "row",
    children: [
      { role: "cell", children: [{ role: "checkbox", name: words(2), states: ["checked"] }] },
      { role: "cell", children: [link()] },
      cell(),
      cell(),
      {
        role: "cell",
        children: [
          { role: "button", name: "Edit" },
          { role: "button", name: "Delete" },
        ],
      },
    ],
  });
  const card = (): Element => ({
    role: "listitem",
    children: [
      { role: "heading", states: ["level=3"], children: [link()] },
      { role: "img", name: words(2) },
      { role: "paragraph", text: words(12) },
      { role: "button", name: "Add to cart" },
    ],
  });
  const item = (): Element => ({ role: "listitem", children: [link()] });
  return {
    role: "generic",
    children: [
      { role: "navigation", children: [{ role: "list", children: many(3 + whole(5), item) }] },
      { role: "heading", name: words(3), states: ["level=1"] },
      { role: "alert", text: `${words(2)} could not be saved` },
      { role: "textbox", name: words(2) },
      { role: "generic", text: words(1), children: [{ role: "combobox", name: words(1) }] },
      { role: "table", children: many(2 + whole(24), row) },
      { role: "list", children: many(2 + whole(16), card) },
      ...many(whole(20), () => ({ role: "paragraph", text: words(40) })),
    ],
  };
}
