/** Originals that can be made again from their name, so that a list of what left is a list of names. */

/** A number: JSON rows of a few sizes. `noise:<characters>`: text that does not shrink. `odd:<index>`: awkward characters. */
export type TextId = number | string;

const ROWS = [12, 30, 60, 150];

export const ODD_TEXTS: readonly string[] = [
  "",
  "\0",
  "\ud800 lone \udfff",
  "a\r\nb\n",
  "\ufeffbom",
  "😀".repeat(300_000),
  // A character of four bytes on each border of a megabyte.
  `${"x".repeat(1_048_575)}😀`.repeat(3),
];

export function textOf(id: TextId): string {
  if (typeof id === "number") return rowsOf(id);
  const [kind, number] = id.split(":");
  if (kind === "noise") return noise(Number(number));
  return ODD_TEXTS[Number(number)] ?? "";
}

function rowsOf(seed: number): string {
  const count = ROWS[seed % ROWS.length] ?? 12;
  return JSON.stringify(
    Array.from({ length: count }, (_, row) => ({
      id: seed * 1_000 + row,
      status: row % 7 === 0 ? "inactive" : "active",
      plan: "free",
      note: `n${(seed * 2_654_435_761 + row * 40_503) % 4_294_967_296}`,
      region: "eu-west-1",
    })),
  );
}

function noise(characters: number): string {
  const parts: string[] = [];
  let state = characters % 4_294_967_296;
  for (let at = 0; at < characters; at += 8) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    parts.push(state.toString(16).padStart(8, "0"));
  }
  return parts.join("").slice(0, characters);
}
