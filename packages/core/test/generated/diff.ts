/** Changes to files as git and diff print them. */
import { code } from "./numbered.ts";
import { path } from "./paths.ts";
import { hex, pick, type Random, times, whole, word } from "./random.ts";

export function diff(random: Random): string {
  const prefixed = random() < 0.85;
  const parts = times(1 + whole(pick([2, 6], random), random), () => change(prefixed, random));
  const head = random() < 0.25 ? [...commit(random)] : [];
  return [...head, ...parts.flat()].join("\n") + (random() < 0.85 ? "\n" : "");
}

function commit(random: Random): readonly string[] {
  return [
    `commit ${hex(40, random)}`,
    "Author: Ann Example <ann@example.org>",
    "Date:   Mon Jun 3 10:00:00 2024 +0200",
    "",
    `    ${word(random)}: ${word(random)} the ${word(random)}`,
    "",
  ];
}

const GENERATED = [
  "package-lock.json",
  "yarn.lock",
  "dist/app.min.js",
  "go.sum",
  "Cargo.lock",
  "src/api.generated.ts",
];

function change(prefixed: boolean, random: Random): readonly string[] {
  const name = random() < 0.2 ? pick(GENERATED, random) : path(random);
  const [a, b] = prefixed ? [`a/${name}`, `b/${name}`] : [name, name];
  const blobs = `${hex(7, random)}..${hex(7, random)}`;
  const kind = random();
  if (kind < 0.08)
    return [
      `--- ${name}\t2024-06-03 10:00:00`,
      `+++ ${name}\t2024-06-04 11:00:00`,
      ...hunks(random),
    ];
  const head = `diff --git ${a} ${b}`;
  if (kind < 0.15)
    return [
      head,
      "new file mode 100644",
      `index 0000000..${hex(7, random)}`,
      "--- /dev/null",
      `+++ ${b}`,
      ...hunk(1, random, "+"),
    ];
  if (kind < 0.22)
    return [
      head,
      "deleted file mode 100644",
      `index ${hex(7, random)}..0000000`,
      `--- ${a}`,
      "+++ /dev/null",
      ...hunk(1, random, "-"),
    ];
  if (kind < 0.3) {
    const other = path(random);
    const to = prefixed ? `b/${other}` : other;
    const names = [
      `diff --git ${a} ${to}`,
      `similarity index ${60 + whole(41, random)}%`,
      `rename from ${name}`,
      `rename to ${other}`,
    ];
    return random() < 0.4
      ? names
      : [...names, `index ${blobs} 100644`, `--- ${a}`, `+++ ${to}`, ...hunks(random)];
  }
  if (kind < 0.35) return [head, "old mode 100644", "new mode 100755"];
  if (kind < 0.4) return [head, `index ${blobs} 100644`, `Binary files ${a} and ${b} differ`];
  return [head, `index ${blobs} 100644`, `--- ${a}`, `+++ ${b}`, ...hunks(random)];
}

function hunks(random: Random): readonly string[] {
  let at = 1;
  return times(1 + whole(4, random), () => {
    at += 10 + whole(200, random);
    return hunk(at, random);
  }).flat();
}

/** @param only the sign that every line has. */
function hunk(at: number, random: Random, only?: string): readonly string[] {
  const body = times(1 + whole(pick([8, 30], random), random), () => {
    const sign = only ?? pick([" ", " ", " ", "+", "-"], random);
    return sign + (random() < 0.1 ? 'import { a } from "./a.ts";' : code(random));
  });
  const count = (sign: string): number =>
    body.filter((line) => line[0] === " " || line[0] === sign).length;
  const range = (sign: string): string =>
    count(sign) === 1 ? `${at}` : `${count(sign) === 0 ? 0 : at},${count(sign)}`;
  const where = only === undefined && random() < 0.5 ? ` function ${word(random)}() {` : "";
  const end = random() < 0.1 ? ["\\ No newline at end of file"] : [];
  return [`@@ -${range("-")} +${range("+")} @@${where}`, ...body, ...end];
}
