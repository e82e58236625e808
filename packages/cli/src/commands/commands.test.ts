/** The table of commands: what it lists is there, and help, documents and completion say the same. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { styleSource } from "../../../../scripts/report-style.ts";
import { SCRIPTS } from "../completion/scripts.ts";
import { helpFor } from "../help.ts";
import { REPORT_STYLE } from "../measure/report-style.ts";
import { nearest } from "../nearest.ts";
import { readOptions } from "../options.ts";
import { run } from "../run.ts";
import { styleFor } from "../style.ts";
import { AGENTS } from "../wrap/agents.ts";
import { cliPage } from "./cli-page.ts";
import { COMMAND_NAMES, ROWS } from "./rows.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-commands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function headroom(args: readonly string[], env: Record<string, string> = {}) {
  let [stdout, stderr] = ["", ""];
  const code = await run(args, {
    stdin: (async function* () {})(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env,
  });
  return { code, stdout, stderr };
}

describe("the table of commands", () => {
  it.each(COMMAND_NAMES)(
    "%s has help with its options and examples, and takes what it shows",
    async (name) => {
      const { code, stdout } = await headroom([name, "--help"]);
      expect(code).toBe(0);
      const told = [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option]) => option);
      // Subcommands share some.
      expect([...new Set(told)].sort()).toEqual(Object.keys(ROWS[name].options).sort());
      for (const [line] of ROWS[name].examples) expect(stdout).toContain(line);
      for (const row of stdout.split("\n")) expect(row.length).toBeLessThanOrEqual(100);
      if (name === "proxy" || name === "wrap") return;
      for (const [option, { value }] of Object.entries(ROWS[name].options))
        expect(() =>
          readOptions(name, value === undefined ? [`--${option}`] : [`--${option}`, "1"]),
        ).not.toThrow();
    },
  );

  it("knows the agents that there are", () => {
    expect(ROWS.wrap.operands).toEqual(Object.keys(AGENTS));
  });

  it("is what docs/cli.md says", () => {
    const page = readFileSync(new URL("../../../../docs/cli.md", import.meta.url), "utf8");
    expect(page, "run: node --conditions=@headroom/source scripts/cli-page.ts").toBe(cliPage());
  });

  it("goes with the style that the report has", () => {
    expect(styleSource(), "run: node scripts/report-style.ts").toContain(
      JSON.stringify(REPORT_STYLE),
    );
  });

  it("has no colours where there is no terminal, and those that are asked for anywhere", () => {
    const pipe = { write: () => undefined };
    const terminal = { ...pipe, isTTY: true };
    const isRed = (stream: object, env: Record<string, string>): boolean =>
      styleFor({ ...pipe, ...stream }, env).red("x") !== "x";
    expect(isRed(pipe, {})).toBe(false);
    expect(isRed(terminal, {})).toBe(true);
    expect(isRed(terminal, { NO_COLOR: "1" })).toBe(false);
    expect(isRed(terminal, { TERM: "dumb" })).toBe(false);
    expect(isRed(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(true);
    expect(isRed(terminal, { FORCE_COLOR: "0" })).toBe(false);
    expect(helpFor("compress")).not.toContain("\u001B");
  });

  it("finds what was meant, and nothing where nothing is near", () => {
    expect(nearest("mesure", COMMAND_NAMES)).toBe("measure");
    expect(nearest("dcotor", COMMAND_NAMES)).toBe("doctor");
    expect(nearest("comp", COMMAND_NAMES)).toBe("compress");
    expect(nearest("xyz", COMMAND_NAMES)).toBeUndefined();
    expect(nearest("", COMMAND_NAMES)).toBeUndefined();
  });
});

/** Shells lie where the system has them; HEADROOM_TEST_SHELLS names another folder. */
function shell(name: string): string | undefined {
  const extra = process.env.HEADROOM_TEST_SHELLS;
  const folders = ["/usr/bin", "/bin", "/usr/local/bin", ...(extra ? [extra] : [])];
  return folders.map((one) => join(one, name)).find((path) => existsSync(path));
}

describe("completion", () => {
  const script = (name: keyof typeof SCRIPTS): string => {
    const path = join(folder, name);
    writeFileSync(path, SCRIPTS[name]());
    return path;
  };
  const ask = (program: string, args: readonly string[]): readonly string[] =>
    execFileSync(program, args, {
      encoding: "utf8",
      cwd: folder,
      env: { ...process.env, HOME: folder },
    })
      .split("\n")
      .filter((line) => line !== "");

  it.skipIf(!shell("bash"))("works in bash", () => {
    const complete = (...words: readonly string[]): readonly string[] =>
      ask(shell("bash") ?? "", [
        "--norc",
        "-c",
        `source ${script("bash")}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _headroom; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ]);
    expect(complete("headroom", "co")).toEqual(["compress", "completion"]);
    expect(complete("headroom", "retrieve", "--l")).toEqual(["--lines", "--level", "--limit"]);
    expect(complete("headroom", "measure", "--mode", "")).toEqual([
      "audit",
      "lossless",
      "balanced",
      "aggressive",
    ]);
    expect(complete("headroom", "wrap", "c")).toEqual(["claude", "codex"]);
    expect(complete("headroom", "proxy", "--mode", "a")).toEqual(["audit", "aggressive"]);
  });

  it.skipIf(!shell("fish"))("works in fish", () => {
    const complete = (line: string): readonly string[] =>
      ask(shell("fish") ?? "", [
        "--no-config",
        "-c",
        `source ${script("fish")}; complete -C '${line}'`,
      ]).map((row) => row.split("\t")[0] ?? "");
    expect(complete("headroom co")).toEqual(["completion", "compress"]);
    expect(complete("headroom retrieve --l")).toEqual(["--level", "--limit", "--lines"]);
    expect(complete("headroom measure --mode a")).toEqual(["aggressive", "audit"]);
    expect(complete("headroom wrap c")).toEqual(["claude", "codex"]);
  });

  it.skipIf(!shell("zsh"))("is read by zsh", () => {
    const zsh = shell("zsh") ?? "";
    const defined = ask(zsh, [
      "-f",
      "-c",
      `autoload -Uz compinit; compinit -u -D 2>/dev/null; source ${script("zsh")}; print -r -- $_comps[headroom]; whence -w _headroom`,
    ]);
    expect(defined).toContain("_headroom: function");
    execFileSync(zsh, ["-n", script("zsh")]);
  });
});
