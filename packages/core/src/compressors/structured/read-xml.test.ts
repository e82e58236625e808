import { describe, expect, it } from "vitest";
import { jsonOf, readingOf } from "../../../test/structured.ts";

const read = (text: string) => jsonOf("xml", text);

describe("XML", () => {
  it("is attributes, texts and children by their tags", () => {
    expect(
      read('<a x="1" y="&lt;"><b>t &amp; u</b><b/><c z="2">v</c><d><![CDATA[<raw>]]></d></a>'),
    ).toEqual({
      a: { "@x": 1, "@y": "<", b: ["t & u", ""], c: { "@z": 2, "#text": "v" }, d: "<raw>" },
    });
  });

  it("keeps the order of children where it says something", () => {
    expect(read("<p>one <b>two</b> three</p>")).toEqual({
      p: { "#children": ["one", { b: "two" }, "three"] },
    });
    expect(read("<g><a/><b/><a/></g>")).toEqual({
      g: { "#children": [{ a: "" }, { b: "" }, { a: "" }] },
    });
  });

  it("keeps comments that stand together, and notes the others", () => {
    expect(read("<a><b/><!-- 1 --><!-- 2 --></a>")).toEqual({
      a: { b: "", "#comment": [" 1 ", " 2 "] },
    });
    const text = "<a>\n<b/><!-- 1 -->\n<b/><!-- 2 --></a>";
    expect(read(text)).toEqual({ a: { b: ["", ""] } });
    expect(readingOf("xml", text)?.asides.map(({ line }) => line)).toEqual([2, 3]);
  });

  it("reads property lists as what they mean", () => {
    expect(
      read(
        '<plist version="1.0"><dict><key>a</key><integer>1</integer><key>b</key><array><true/><string>x</string></array></dict></plist>',
      ),
    ).toEqual({ plist: { "@version": 1, a: 1, b: [true, "x"] } });
    // One that is not written as it should be is XML like any other.
    expect(read("<plist><dict><key>a</key></dict></plist>")).toEqual({
      plist: { dict: { key: "a" } },
    });
  });

  it("expands no entities that the text declares", () => {
    const bomb = `<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY ext SYSTEM "file:///etc/passwd">
]>
<lolz><a>&lol1;</a><b>&ext;</b></lolz>`;
    expect(read(bomb)).toEqual({ lolz: { a: "&lol1;", b: "&ext;" } });
  });

  it("counts lines from the first line of the text, whatever stands above the root", () => {
    const root = readingOf(
      "xml",
      '<?xml version="1.0"?>\n<!-- x\n-->\n<a>\n<b>\n</b>\n</a>\n',
    )?.root;
    const a = root?.type === "map" ? root.entries[0]?.value : undefined;
    expect([a?.firstLine, a?.lastLine]).toEqual([4, 7]);
    const b = a?.type === "map" ? a.entries[0]?.value : undefined;
    expect([b?.firstLine, b?.lastLine]).toEqual([5, 6]);
  });

  it("may break off at the end, which is shown as it is", () => {
    const text = '<a>\n<b x="1">t</b>\n<b x="2">u</b>\n<b x="3';
    expect(read(text)).toEqual({
      a: {
        b: [
          { "@x": 1, "#text": "t" },
          { "@x": 2, "#text": "u" },
        ],
      },
    });
    const cutAt = readingOf("xml", text)?.cutAt;
    expect(text.slice(cutAt)).toBe('\n<b x="3');
  });

  it.each([
    "<a><b></a>",
    "<a></a> and more",
    "</a>",
    "<a></a></a>",
    "words <a></a>",
    "<!DOCTYPE a [ <!ENTITY x 'y'>",
    `${"<a>".repeat(300)}${"</a>".repeat(300)}`,
    "<a><?php echo 1 ?></a>",
  ])("%j is not read", (text) => {
    expect(read(text)).toBeUndefined();
  });
});
