/** What anyone can do without us: cut out the middle, keep the end, minify. */

/** Counts the tokens of a text. */
type Count = (text: string) => number;

/** First and last lines of a text, half of the budget each. */
export function headAndTail(text: string, budget: number, count: Count): string {
  const lines = text.split("\n");
  const head = takeLines(lines, budget / 2, count);
  const tail = takeLines([...lines].reverse(), budget / 2, count).reverse();
  if (head.length + tail.length >= lines.length) return text;
  // One long line: cut characters instead.
  if (head.length === 0 || tail.length === 0) {
    const characters = Math.floor((text.length * budget) / Math.max(1, count(text)) / 2);
    return `${text.slice(0, characters)}\n…\n${text.slice(text.length - characters)}`;
  }
  return [...head, "…", ...tail].join("\n");
}

export function tailLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n");
}

/** The text without insignificant white space, or as it is when it is no JSON. */
export function minified(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function takeLines(lines: readonly string[], budget: number, count: Count): string[] {
  const taken: string[] = [];
  let tokens = 0;
  for (const line of lines) {
    tokens += count(line) + 1;
    if (tokens > budget) break;
    taken.push(line);
  }
  return taken;
}
