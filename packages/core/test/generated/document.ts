/** Documents as people write them: markdown and plain paragraphs, whole or cut anywhere. */
import { pick, type Random, times, whole, word } from "./random.ts";

export function documentOf(random: Random): string {
  const parts = times(4 + whole(30, random), () => part(random));
  const text = parts.join(pick(["\n\n", "\n\n", "\n", "\n\n\n"], random));
  const eol = random() < 0.1 ? text.replaceAll("\n", "\r\n") : text;
  return random() < 0.2 ? eol.slice(whole(40, random), -whole(40, random) || undefined) : eol;
}

function part(random: Random): string {
  const kind = whole(10, random);
  if (kind < 2)
    return `${"#".repeat(1 + whole(4, random))} The ${word(random)} of a ${word(random)}`;
  if (kind < 6) return paragraph(random);
  if (kind === 6)
    return times(
      1 + whole(6, random),
      (at) => `${pick(["-", "*", `${at + 1}.`], random)} ${sentence(random)}`,
    ).join("\n");
  if (kind === 7)
    return `\`\`\`ts\n${times(1 + whole(8, random), () => `${word(random)}(${whole(99, random)});`).join("\n")}\n\`\`\``;
  if (kind === 8)
    return [
      "| name | count |",
      "|---|---|",
      ...times(whole(6, random), () => `| ${word(random)} | ${whole(99, random)} |`),
    ].join("\n");
  return pick(
    [
      "---",
      "<!-- a note -->",
      "> A quoted line of the docs.",
      `Title of it\n=====`,
      "- [a](#a)",
      "",
      "第一句。第二句！第三句",
    ],
    random,
  );
}

function paragraph(random: Random): string {
  const text = times(1 + whole(7, random), () => sentence(random)).join(" ");
  if (random() < 0.5) return text;
  // Wrapped.
  return text.replaceAll(/(.{50,70}) /g, "$1\n");
}

function sentence(random: Random): string {
  const words = times(3 + whole(14, random), () =>
    pick([word(random), "the", "of", "is", "e.g.", "3.5", "J. Doe"], random),
  );
  return `The ${words.join(" ")}${pick([".", ".", "!", "?", ".”"], random)}`;
}
