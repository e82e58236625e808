import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { findWays, headingKind } from "./headings.ts";

const way = (lines: readonly string[], at = lines.length - 1): readonly string[] =>
  finish(findWays(lines))
    .of(at)
    .map((line) => lines[line] ?? "");

describe("headings", () => {
  it.each([
    "=== db-17 ===",
    "==> /var/log/app.log <==",
    "=== RUN   TestTransfer/overdraft",
    "--- host web-3 ---",
    "## Deploy",
    "____________ test_checkout ____________",
    "TASK [nginx : reload] *******************************",
    "PLAY [all] *****",
    "##[group]Run npm ci",
    "##[section]Starting: Build",
    "::group::Install",
    "2026-03-02T10:00:00.1234567Z ##[group]Run deploy.sh",
    "#12 [build 3/7] RUN make",
    "Step 4/9 : RUN npm ci",
    "> Task :pay:test",
    "> shop@2.4.0 test",
    "[INFO] --- maven-surefire-plugin:3.1 (default-test) @ shop ---",
    "[INFO] Building shop-api 1.4",
    "make[2]: Entering directory '/src/net'",
    "     Running unittests src/lib.rs (target/debug/deps/shop-1f)",
    "web-1 | CHANGED | rc=0 >>",
    "./src/net:",
    "db-17:",
  ])("%s", (line) => expect(headingKind(line, "x", "y")).toBeDefined());

  it.each([
    "- item of a list",
    "+ npm ci",
    "> quoted",
    "-----------------",
    "2024-05-01 10:00:00 INFO reading: ",
    "Traceback:",
    "plain text",
    "x",
    `=== ${"x".repeat(200)} ===`,
  ])("not %s", (line) => expect(headingKind(line, "x", "y")).toBeUndefined());

  it("a title with a line under it, a word behind a blank line", () => {
    expect(headingKind("Results of shard 3", "", "------------------")).toBe("underlined");
    expect(headingKind("Results of shard 3", "x", "------------------")).toBeUndefined();
    expect(headingKind("Errors seen:", "", "x")).toBe("colon");
    expect(headingKind("Errors seen:", "x", "x")).toBeUndefined();
  });
});

describe("the way to a line", () => {
  it("is the nearest heading above it", () => {
    expect(way(["== a ==", "x", "== b ==", "y", "z"])).toEqual(["== b =="]);
    expect(way(["x", "y"])).toEqual([]);
  });

  it("and the one around it, which is of a rarer kind", () => {
    const play = (name: string, ...tasks: readonly string[]) => [
      `PLAY [${name}] ******`,
      ...tasks.flatMap((task) => [`TASK [${task}] ******`, "ok: [web-1]", "ok: [web-2]"]),
    ];
    const lines = [...play("web", "copy", "start"), ...play("db", "dump", "load")];
    expect(way(lines)).toEqual(["PLAY [db] ******", "TASK [load] ******"]);
  });

  it("is the lines it is indented under", () => {
    const lines = ["/src/a.ts", "  1:2  error  x", "", "/src/b.ts", "  3:4  error  y"];
    expect(way(lines)).toEqual(["/src/b.ts"]);
    expect(way(["a", "  b", "    c", "      d", "        e"])).toEqual(["  b", "    c", "      d"]);
    expect(way(["a", "  b", "c", "  d"])).toEqual(["c"]);
  });
});
