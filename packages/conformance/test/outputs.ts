/**
 * Made-up tool output in the shapes real tools print, from a seed: rows of an API, logs, search hits, diffs, listings.
 *
 * Same kind, seed and size, same text on every machine. What matters for the laws is variety, not beauty: odd values,
 * errors in the middle, columns that almost repeat.
 */

/** A small generator of numbers (mulberry32); the suite must not depend on the engine's. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 up to, not including, `bound`. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) % 1_000_003) % bound;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.below(16).toString(16)).join("");
  }
}

type Maker = (dice: Dice, size: number) => string;

const WORDS =
  "billing invoice worker queue retry timeout cache session token user order payment index shard replica deploy config route handler parser request response stream buffer socket metric".split(
    " ",
  );
const NAMES = [
  "Ada Lovelace",
  "Grace Hopper",
  "Jürgen Müller",
  "李小龍",
  "O'Brien, Pat",
  "renée 👩‍🚀",
  "",
];
const LEVELS = ["DEBUG", "INFO", "INFO", "INFO", "WARN", "ERROR"];

const sentence = (dice: Dice, words: number): string =>
  Array.from({ length: words }, () => dice.pick(WORDS)).join(" ");

const path = (dice: Dice): string =>
  `${dice.pick(["src", "src/core", "packages/api/src", "test", "lib/util"])}/${dice.pick(WORDS)}-${dice.pick(WORDS)}.${dice.pick(["ts", "ts", "py", "go", "json"])}`;

const stamp = (dice: Dice, index: number): string =>
  `2026-03-${String(1 + (index % 28)).padStart(2, "0")}T${String(index % 24).padStart(2, "0")}:${String(dice.below(60)).padStart(2, "0")}:${String(dice.below(60)).padStart(2, "0")}.${String(dice.below(1000)).padStart(3, "0")}Z`;

/** One JSON row as text, so that number text and odd values survive as they are. */
function row(dice: Dice, index: number, fields: number): string {
  const id = 10_000 + index;
  const candidates = [
    `"id":${id}`,
    `"name":${JSON.stringify(dice.pick(NAMES))}`,
    `"status":${JSON.stringify(dice.chance(4) ? "failed" : "active")}`,
    `"url":"https://api.example.com/v2/items/${id}/details"`,
    `"amount":${dice.pick(["1.0", "0.10", "1e3", "-0", "12345678901234567890", "19.99", String(dice.below(900))])}`,
    `"created_at":"${stamp(dice, index)}"`,
    `"owner":{"login":"${dice.pick(WORDS)}","id":${dice.below(50)},"site_admin":false}`,
    `"labels":${dice.chance(60) ? "[]" : `[{"name":"${dice.pick(WORDS)}","color":"ededed"}]`}`,
    `"note":${dice.pick(["null", '""', '"1"', "1", "true", `"${sentence(dice, 12)}"`])}`,
    `"score":${dice.chance(3) ? 98_765 : dice.below(100)}`,
    `"sha":"${dice.hex(40)}"`,
    `"text":"tab\\t, quote \\" and \\u00e9\\/"`,
  ];
  const kept = candidates.slice(0, fields).filter((_, column) => column === 0 || !dice.chance(6));
  if (dice.chance(2)) kept.push(`"error":"ECONNREFUSED ${dice.below(100)}"`);
  return `{${kept.join(",")}}`;
}

const rows = (dice: Dice, size: number): string[] => {
  const fields = 2 + dice.below(11);
  return Array.from({ length: size }, (_, index) => row(dice, index, fields));
};

function json(dice: Dice, size: number): string {
  const items = rows(dice, size);
  const list = `[${items.join(",")}]`;
  switch (dice.below(6)) {
    case 0:
      return list;
    case 1:
      return `{"total_count":${size},"incomplete":false,"items":${list}}`;
    case 2:
      return JSON.stringify(JSON.parse(list), null, 2);
    case 3:
      return `[${items.map((item) => JSON.stringify(item)).join(", ")}]`;
    case 4:
      return `{"data":{"nodes":${list},"pageInfo":{"hasNextPage":true,"cursor":"${dice.hex(24)}"}},"errors":[]}`;
    default:
      return JSON.stringify({
        [dice.pick(WORDS)]: items,
        counts: items.map((item) => item.length),
      });
  }
}

const ndjson: Maker = (dice, size) => rows(dice, size).join("\n");

function stack(dice: Dice): string {
  const frames = Array.from({ length: 3 + dice.below(6) }, () =>
    dice.chance(50)
      ? `    at ${dice.pick(WORDS)} (/app/${path(dice)}:${1 + dice.below(400)}:${1 + dice.below(80)})`
      : `    at ${dice.pick(WORDS)} (node:internal/${dice.pick(WORDS)}:${dice.below(900)}:9)`,
  );
  return [
    `TypeError: Cannot read properties of undefined (reading '${dice.pick(WORDS)}')`,
    ...frames,
  ].join("\n");
}

function log(dice: Dice, size: number): string {
  const style = dice.below(4);
  const lines = Array.from({ length: size }, (_, index) => {
    const level = dice.pick(LEVELS);
    const what = dice.chance(70)
      ? `handled request ${dice.below(10_000)} in ${dice.below(500)} ms`
      : `${sentence(dice, 4)} id=${dice.hex(8)}`;
    if (style === 0)
      return `${stamp(dice, index)} ${level} [${dice.pick(WORDS)}-${dice.below(4)}] ${what}`;
    if (style === 1) return `\u001b[${30 + dice.below(8)}m${level}\u001b[0m ${what}`;
    if (style === 2)
      return `[${index}/${size}] ${dice.pick(["Compiling", "Downloading", "Checking"])} ${dice.pick(WORDS)} v1.${dice.below(20)}.0`;
    return ` ${dice.chance(96) ? "✓" : "✗"} ${sentence(dice, 5)} (${dice.below(40)} ms)`;
  });
  if (dice.chance(70)) lines.splice(dice.below(size + 1), 0, stack(dice));
  return [...lines, dice.pick(["", "exit code 1\n", `Tests: 1 failed, ${size} passed`])].join(
    dice.chance(90) ? "\n" : "\r\n",
  );
}

function search(dice: Dice, size: number): string {
  const files = Array.from({ length: 1 + Math.ceil(size / 8) }, () => path(dice)).toSorted();
  const hit = (index: number): string => `  ${sentence(dice, 4)}(${index}, "${dice.pick(WORDS)}");`;
  const heading = dice.chance(40);
  const lines: string[] = [];
  for (const file of new Set(files)) {
    if (heading) lines.push(file);
    let line = 0;
    for (let index = 0; index < 8; index++) {
      line += 1 + dice.below(30);
      lines.push(heading ? `${line}:${hit(index)}` : `${file}:${line}:${hit(index)}`);
    }
    if (heading) lines.push("");
  }
  return lines.join("\n");
}

function diff(dice: Dice, size: number): string {
  const lines: string[] = [];
  while (lines.length < size) {
    const file = dice.chance(20) ? "package-lock.json" : path(dice);
    lines.push(
      `diff --git a/${file} b/${file}`,
      `index ${dice.hex(7)}..${dice.hex(7)} 100644`,
      `--- a/${file}`,
      `+++ b/${file}`,
    );
    for (let hunk = 0; hunk <= dice.below(3); hunk++) {
      const start = 1 + dice.below(300);
      const body = Array.from(
        { length: 4 + dice.below(10) },
        () => `${dice.pick([" ", " ", " ", "+", "-"])}  ${sentence(dice, 5)};`,
      );
      const count = (sign: string): number =>
        body.filter((line) => line.startsWith(" ") || line.startsWith(sign)).length;
      lines.push(
        `@@ -${start},${count("-")} +${start},${count("+")} @@ function ${dice.pick(WORDS)}() {`,
        ...body,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

const code: Maker = (dice, size) =>
  Array.from({ length: size }, (_, index) =>
    index % 9 === 0
      ? `export function ${dice.pick(WORDS)}${index}(${dice.pick(WORDS)}: string): number {`
      : index % 9 === 8
        ? "}\n"
        : `  const ${dice.pick(WORDS)}${index} = ${dice.pick(WORDS)}.${dice.pick(WORDS)}(${dice.below(99)}); // ${sentence(dice, 3)}`,
  ).join("\n");

const read: Maker = (dice, size) => {
  const tab = dice.pick(["→", "\t"]);
  return code(dice, size)
    .split("\n")
    .map((line, index) => `${String(index + 1).padStart(6)}${tab}${line}`)
    .join("\n");
};

function tree(dice: Dice, size: number): string {
  const paths = [...new Set(Array.from({ length: size }, () => path(dice)))].toSorted();
  if (dice.chance(60))
    return paths.map((file) => (dice.chance(50) ? "./" : "./") + file).join("\n");
  return [
    ".",
    ...paths.map((file, index) => `${index === paths.length - 1 ? "└──" : "├──"} ${file}`),
    "",
    `0 directories, ${paths.length} files`,
  ].join("\n");
}

const commits: Maker = (dice, size) =>
  Array.from({ length: Math.max(4, Math.ceil(size / 4)) }, (_, index) => {
    const author = dice.pick(["Ada Lovelace <ada@example.org>", "Bo <bo@example.org>"]);
    const day = 1 + (index % 27);
    return [
      `commit ${dice.hex(40)}${index === 0 ? " (HEAD -> main)" : ""}`,
      ...(dice.chance(5) ? [`Merge: ${dice.hex(7)} ${dice.hex(7)}`] : []),
      `Author: ${author}`,
      `Date:   Sat Nov ${day} ${stamp(dice, index).slice(11, 19)} 2026 +0000`,
      "",
      `    ${sentence(dice, 6)}`,
      ...(dice.chance(30) ? ["", `    ${sentence(dice, 12)}`] : []),
      "",
    ].join("\n");
  }).join("\n");

const hexdump: Maker = (dice, size) =>
  Array.from({ length: size }, (_, index) => {
    const text = sentence(dice, 3);
    const bytes = Array.from({ length: 16 }, (_, at) =>
      index % 3 === 0 ? text.charCodeAt(at % text.length) : dice.chance(50) ? 0 : dice.below(256),
    );
    const pairs = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
    const seen = bytes.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "."));
    const offset = (index * 16).toString(16).padStart(8, "0");
    return `${offset}  ${pairs.slice(0, 8).join(" ")}  ${pairs.slice(8).join(" ")}  |${seen.join("")}|`;
  }).join("\n");

function table(dice: Dice, size: number): string {
  const cells = Array.from({ length: size }, (_, index) => [
    `${dice.pick(WORDS)}-${dice.hex(5)}`,
    dice.chance(95) ? "Running" : "CrashLoopBackOff",
    String(dice.below(9)),
    `${index}d`,
  ]);
  const all = [["NAME", "STATUS", "RESTARTS", "AGE"], ...cells];
  if (dice.chance(30)) return all.map((line) => line.join(",")).join("\n");
  if (dice.chance(30))
    return [all[0], ["---", "---", "---", "---"], ...cells]
      .map((line) => `| ${line?.join(" | ")} |`)
      .join("\n");
  return all
    .map((line) =>
      line
        .map((cell) => cell.padEnd(20))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

/** What no stricter kind claims: records, settings with dotted names, sections with headings. */
const lines: Maker = (dice, size) => {
  if (dice.chance(40))
    return Array.from({ length: Math.ceil(size / 5) }, (_, index) =>
      [
        `Unit: ${dice.pick(WORDS)}-${index}.service`,
        ...(dice.chance(70) ? [`Restarts: ${dice.below(4)}`] : []),
        `State: ${dice.chance(95) ? "running" : "failed"}`,
        `Memory: ${dice.below(900)} MB`,
        `About: ${sentence(dice, 14)}`,
        "",
      ].join("\n"),
    ).join("\n");
  if (dice.chance(50))
    return Array.from({ length: size }, () => {
      const name = Array.from({ length: 3 }, () => dice.pick(WORDS)).join(".");
      return `${name} = ${dice.chance(70) ? dice.below(9_000) : dice.pick(WORDS)}`;
    })
      .toSorted()
      .join("\n");
  return Array.from({ length: size }, (_, index) =>
    index % 9 === 0
      ? `=== ${sentence(dice, 2)} ===`
      : `  ${dice.pick(WORDS)} ${dice.below(99)} of ${dice.below(999)} (${dice.hex(8)})`,
  ).join("\n");
};

const text: Maker = (dice, size) =>
  Array.from({ length: Math.ceil(size / 4) }, (_, index) =>
    index % 5 === 0
      ? `## ${sentence(dice, 3)}\n`
      : `${sentence(dice, 12)}. ${sentence(dice, 9)}, ${dice.below(2_000)} ${sentence(dice, 6)}. See ${path(dice)}:${dice.below(99)}.\n`,
  ).join("\n");

const html: Maker = (dice, size) =>
  `<!doctype html><html><head><title>${sentence(dice, 3)}</title><script>var a=1;</script></head><body><nav>${'<a href="/x">x</a>'.repeat(9)}</nav>${text(
    dice,
    size,
  )
    .split("\n")
    .map((line) => `<p class="c">${line}</p>`)
    .join("\n")}</body></html>`;

/** YAML, XML, TOML, INI or Python values, as programs write them. */
const structured: Maker = (dice, size) => {
  const rows = Array.from({ length: Math.max(3, Math.ceil(size / 6)) }, (_, index) => ({
    id: 100 + index,
    name: `${dice.pick(WORDS)}-${index}`,
    owner: dice.pick(NAMES),
    state: dice.chance(8) ? "failed: timed out" : "ready",
    tags: Array.from({ length: dice.below(3) }, () => dice.pick(WORDS)),
    seconds: `${dice.below(90)}.${dice.below(10)}`,
  }));
  const quoted = (words: readonly string[], mark: string): string =>
    words.map((word) => `${mark}${word}${mark}`).join(", ");
  const writers: readonly (() => string)[] = [
    () =>
      `# ${sentence(dice, 4)}\nkind: List\nitems:\n${rows
        .map(
          ({ id, name, owner, state, tags, seconds }) =>
            `- id: ${id}\n  name: ${name}\n  owner: "${owner}"\n  state: ${JSON.stringify(state)}\n  timing:\n    seconds: ${seconds}\n  tags:${tags.length === 0 ? " []" : tags.map((tag) => `\n  - ${tag}`).join("")}\n`,
        )
        .join("")}`,
    () =>
      `<?xml version="1.0"?>\n<suite tests="${rows.length}">\n${rows
        .map(
          ({ id, name, state, seconds }) =>
            `  <case id="${id}" name="${name}" time="${seconds}"${state === "ready" ? "/>" : `>\n    <failure>${state} &amp; gone</failure>\n  </case>`}`,
        )
        .join("\n")}\n</suite>\n`,
    () =>
      rows
        .map(
          ({ id, name, state, tags }) =>
            `[[package]]\nname = "${name}"\nid = ${id}\nstate = "${state}"\ntags = [${quoted(tags, '"')}]\n`,
        )
        .join("\n"),
    () =>
      `[${rows
        .map(
          ({ id, name, state, tags, seconds }) =>
            `{'id': ${id}, 'name': '${name}', 'ok': ${state === "ready" ? "True" : "False"}, 'note': None, 'tags': [${quoted(tags, "'")}], 'seconds': ${seconds}}`,
        )
        .join(", ")}]`,
    () =>
      rows
        .map(
          ({ id, name, state, seconds }) =>
            `[${name}]\nid = ${id}\nstate = ${state}\nseconds = ${seconds}\n`,
        )
        .join("\n"),
  ];
  return dice.pick(writers)();
};

/** Encoded bytes, runs and minified code with a few words around them. */
const blobs: Maker = (dice, size) => {
  const bytes = (count: number): string =>
    Array.from({ length: count }, () =>
      dice.pick([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"]),
    ).join("");
  const writers: readonly (() => string)[] = [
    () => `icon: data:image/png;base64,${bytes(300 + dice.below(300))}==`,
    () => `-----BEGIN DATA-----\n${bytes(2_000).replace(/.{64}/g, "$&\n")}\n-----END DATA-----`,
    () => `digest ${dice.hex(400)} of ${sentence(dice, 3)}`,
    () => "=".repeat(300 + dice.below(99)),
    () => `vector [${Array.from({ length: 64 }, () => `0.${dice.below(9_999)}`).join(", ")}]`,
    () => "var a=function(b,c){return b(c)&&d[c]||(e=f)};".repeat(40),
    () => sentence(dice, 9),
  ];
  return Array.from({ length: Math.ceil(size / 6) }, () => dice.pick(writers)()).join("\n");
};

const mixed: Maker = (dice, size) =>
  [
    sentence(dice, 12),
    dice.chance(50) ? `\`\`\`json\n${json(dice, size)}\n\`\`\`` : json(dice, size),
    log(dice, Math.ceil(size / 2)),
    text(dice, Math.ceil(size / 2)),
  ].join("\n\n");

const makers = {
  blobs,
  code,
  commits,
  diff,
  hexdump,
  html,
  json,
  lines,
  log,
  mixed,
  ndjson,
  read,
  search,
  structured,
  table,
  text,
  tree,
} satisfies Record<string, Maker>;

export type OutputKind = keyof typeof makers;
export const outputKinds: readonly OutputKind[] = Object.keys(makers) as OutputKind[];

/** Output of one kind with about `size` lines or rows. */
export function outputOf(kind: OutputKind, seed: number, size: number): string {
  return makers[kind](new Dice(seed), size);
}
