/** The scanner says what another parser says of the same XML, and nothing where it is not well-formed. */
import fc from "fast-check";
import { Parser } from "htmlparser2";
import { describe, expect, it } from "vitest";
import { pieceAt } from "./xml-scanner.ts";

/** Tags, texts and comments in order, texts joined; `undefined` where the scanner stops. */
function scanned(text: string): readonly string[] | undefined {
  const out: string[] = [];
  for (let at = 0; at < text.length; ) {
    const piece = pieceAt(text, at);
    if (piece === "broken" || piece === "cut") return undefined;
    if (piece.type === "open") {
      out.push(`<${piece.name} ${JSON.stringify(piece.attributes)}`);
      if (piece.isEmpty) out.push(`</${piece.name}`);
    } else if (piece.type === "close") out.push(`</${piece.name}`);
    else if (piece.type === "comment") out.push(`!${piece.text}`);
    else say(out, piece.text);
    at = piece.end;
  }
  return out;
}

function parsed(text: string): readonly string[] {
  const out: string[] = [];
  let attributes: [string, string][] = [];
  const parser = new Parser(
    {
      onattribute: (name, value) => void attributes.push([name, value]),
      onopentag(name) {
        out.push(`<${name} ${JSON.stringify(attributes)}`);
        attributes = [];
      },
      onclosetag: (name) => void out.push(`</${name}`),
      ontext: (data) => say(out, data),
      oncomment: (data) => void out.push(`!${data}`),
    },
    { xmlMode: true },
  );
  parser.end(text);
  return out;
}

function say(out: string[], text: string): void {
  const last = out.at(-1);
  if (text === "") return;
  if (last?.startsWith("=")) out[out.length - 1] = last + text;
  else out.push(`=${text}`);
}

const words = fc
  .array(
    fc.constantFrom("a", "é", " ", "\n", "&lt;", "&amp;", "&#65;", "&#x1F600;", "&lol;", "&", ">"),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));
const name = fc.constantFrom("a", "b", "ns:c", "d-e", "_f.1", "ü");
const attribute = fc
  .tuple(name, words, fc.constantFrom('"', "'"))
  .map(([key, value, quote]) => ` ${key}=${quote}${value}${quote}`);
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.uniqueArray(attribute, { maxLength: 3, selector: (text) => text.split("=")[0] }),
      fc.array(
        fc.oneof(
          { depthSize: "small" },
          words,
          words.map((text) => `<!--${text.replaceAll(">", "")}-->`),
          words.map((text) => `<![CDATA[${text}]]>`),
          tie("element"),
        ),
        { maxLength: 4 },
      ),
      fc.constantFrom("", " ", "\n"),
    )
    .map(([tag, attributes, children, blank]) =>
      children.length === 0
        ? `<${tag}${attributes.join("")}${blank}/>`
        : `<${tag}${attributes.join("")}${blank}>${children.join("")}</${tag}${blank}>`,
    ),
}));

describe("pieces of XML", () => {
  it("are what another parser finds", () => {
    fc.assert(
      fc.property(element, (text) => {
        expect(scanned(text)).toEqual(parsed(text));
      }),
      { numRuns: 500 },
    );
  });

  it("are what another parser finds in what is damaged, or there are none", () => {
    let read = 0;
    const damage = fc.tuple(
      fc.nat(200),
      fc.nat(3),
      fc.constantFrom("", "<", ">", "/", '"', "&", "=", " ", "]]>", "--", "x"),
    );
    fc.assert(
      fc.property(element, damage, (text, [at, length, put]) => {
        const from = at % (text.length + 1);
        const damaged = text.slice(0, from) + put + text.slice(from + length);
        const found = scanned(damaged);
        if (found === undefined || !isClosed(found)) return;
        // The other parser takes these for a character and for a whole comment.
        if (/&#(\d*(?![\d;])|x[\da-f]*(?![\da-f;]))|<!--?-?>/i.test(damaged)) return;
        read++;
        expect(found).toEqual(parsed(damaged));
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(50);
  });

  it.each([
    ["<a", "cut"],
    ["<a x", "cut"],
    ["<a x=", "cut"],
    ['<a x="1', "cut"],
    ["<a /", "cut"],
    ["</a", "cut"],
    ["<!", "cut"],
    ["<!-", "cut"],
    ["<!-- a", "cut"],
    ["<![CDATA[ a ]]", "cut"],
    ["<a x>", "broken"],
    ["<a x=1>", "broken"],
    ['<a x="1"y="2">', "broken"],
    ['<a x="1" x="2">', "broken"],
    ['<a x="<">', "broken"],
    ["< a>", "broken"],
    ["<1>", "broken"],
    ["</>", "broken"],
    ["<?x?>", "broken"],
    ["<!DOCTYPE a>", "broken"],
  ])("%j is %s", (text, what) => expect(pieceAt(text, 0)).toBe(what));

  it("leaves entities that are no characters of XML as they are", () => {
    const text = "&#0;&#xD800;&#x110000;&#xg;&#;&nbsp;&;";
    expect(pieceAt(text, 0)).toEqual({ type: "text", text, end: text.length });
  });
});

/** Each tag is closed by one of its name: the other parser closes what is left open. */
function isClosed(pieces: readonly string[]): boolean {
  const open: string[] = [];
  for (const piece of pieces) {
    if (piece.startsWith("</")) {
      if (open.pop() !== piece.slice(2)) return false;
    } else if (piece.startsWith("<")) open.push(piece.slice(1, piece.indexOf(" ")));
  }
  return open.length === 0;
}
