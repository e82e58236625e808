/** Output of tools that no stricter kind claims: settings, records, sections, lists, and lines that look like the notation. */
import { hex, pick, type Random, times, whole, word } from "./random.ts";

type Part = (random: Random) => readonly string[];

export function lines(random: Random): string {
  const made = times(1 + whole(4, random), () => pick(PARTS, random)(random)).flat();
  const all = random() < 0.2 ? made.map((line) => `  ${line}`) : made;
  const end = random() < 0.15 ? "\r\n" : "\n";
  return all.join(end) + (random() < 0.8 ? end : "");
}

const PARTS: readonly Part[] = [
  settings,
  records,
  records,
  sections,
  paths,
  names,
  repeats,
  sentences,
  commented,
  failures,
  notation,
];

function size(random: Random): number {
  return 3 + whole(pick([8, 40, 160], random), random);
}

function value(random: Random): string {
  return pick(
    [
      () => `${whole(5_000, random)}`,
      () => `${whole(900, random)} kB`,
      () => word(random),
      () => `"${word(random)} ${word(random)}"`,
      () => `${word(random)} ${word(random)} ${word(random)}`,
      () => hex(32, random),
      () => "",
      () => pick(["yes", "no", "unset", "~", "^", "\\x"], random),
      () => `1.${whole(9, random)}.${whole(20, random)}-${word(random)}`,
      () => `/usr/lib/${word(random)}/${word(random)}.so`,
    ],
    random,
  )();
}

function settings(random: Random): readonly string[] {
  const sign = pick([" = ", "=", ": ", ":\t"], random);
  return times(size(random), () => {
    const path = times(1 + whole(4, random), () => word(random)).join(".");
    return path + sign + value(random);
  });
}

function records(random: Random): readonly string[] {
  const fields = times(3 + whole(7, random), (at) => `${word(random)}-${at}`);
  const indent = pick(["", "", "  ", "\t"], random);
  const blank = random() < 0.7 ? [""] : [];
  const lacks = pick([0, 0, 0.2], random);
  const more = random() < 0.3 ? [`  ${word(random)} ${word(random)}`, `  ${word(random)}`] : [];
  const gap = " ".repeat(1 + whole(3, random));
  return times(2 + whole(pick([6, 30], random), random), (at) => [
    ...fields.flatMap((field, nth) =>
      nth > 0 && random() < lacks
        ? []
        : [
            `${nth === 0 ? "" : indent}${field}:${gap}${nth === 0 ? `${word(random)}${at}` : value(random)}`,
          ],
    ),
    ...more,
    ...blank,
  ]).flat();
}

function sections(random: Random): readonly string[] {
  const frame = pick(
    [
      (title: string) => [`=== ${title} ===`],
      (title: string) => [title, "-".repeat(title.length)],
      (title: string) => [`[${title}]`],
      (title: string) => ["", `${title}:`],
    ],
    random,
  );
  return times(1 + whole(6, random), () => [
    ...frame(`${word(random)} ${word(random)}`),
    ...times(size(random) / 4, () => `  ${word(random)}-${whole(99, random)} ${value(random)}`),
  ]).flat();
}

function paths(random: Random): readonly string[] {
  const folder = times(1 + whole(4, random), () => word(random)).join("/");
  const made = times(
    size(random),
    () => `${folder}/${word(random)}/${word(random)}.so.${whole(9, random)}`,
  );
  return random() < 0.6 ? made.toSorted() : made;
}

function names(random: Random): readonly string[] {
  const made = times(
    size(random),
    () => `${word(random)}${pick(["", "-", "_"], random)}${whole(500, random)}`,
  );
  return random() < 0.6 ? made.toSorted() : made;
}

function repeats(random: Random): readonly string[] {
  const line = pick(["waiting for the database", "", "*", "#*3", ` ${word(random)}`], random);
  return times(size(random), () => line);
}

function sentences(random: Random): readonly string[] {
  return times(size(random) / 4, () =>
    times(6 + whole(12, random), () => pick([word(random), "the", "of", "is"], random)).join(" "),
  );
}

function commented(random: Random): readonly string[] {
  return times(size(random) / 2, () =>
    random() < 0.6
      ? `# ${word(random)} is the ${word(random)} of a ${word(random)}`
      : `${word(random)} ${value(random)}`,
  );
}

function failures(random: Random): readonly string[] {
  return times(1 + whole(5, random), () =>
    pick(
      [
        `error: ${word(random)} not found`,
        `  warning: ${word(random)} is deprecated`,
        `FAILED ${word(random)}::${word(random)} (${whole(90, random)} ms)`,
      ],
      random,
    ),
  );
}

/** What the lossless form writes, in a text that means none of it. */
function notation(random: Random): readonly string[] {
  return times(size(random) / 3, () =>
    pick(
      [
        "#a x 3",
        "#=net.",
        "#*4",
        "#*",
        "\\plain",
        "@1=x",
        "@1",
        "#a[3]={}",
        "#a[3, 2 lines]={}",
        " #=a",
        "  ~",
        "{} {1}",
        "… 3 lines (1-3)",
        "\t",
        "…",
      ],
      random,
    ),
  );
}
