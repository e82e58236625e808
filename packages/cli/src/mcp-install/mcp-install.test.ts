import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { helpFor } from "../help.ts";
import type { Terminal } from "../terminal.ts";
import { CLIENTS } from "./clients.ts";
import {
  clientStates,
  installCommand,
  OPTIONS,
  statusCommand,
  uninstallCommand,
} from "./command.ts";
import { replaceConfig } from "./files.ts";
import type { Place } from "./place.ts";

let folder: string;
let place: Place;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-mcp-install-"));
  const [home, cwd] = [join(folder, "home"), join(folder, "project")];
  mkdirSync(home);
  mkdirSync(cwd);
  const program = { node: "/usr/bin/node", script: "/opt/headroom/main.js" };
  place = { env: {}, home, cwd, platform: "linux", program };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Command = (args: readonly string[], terminal: Terminal, place: Place) => number;

function run(command: Command, ...args: string[]): { code: number; out: string; err: string } {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    stdin: (async function* () {})(),
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: place.env,
  };
  const code = command(args, terminal, place);
  return { code, out, err };
}

/** Every file below the test's folder with its bytes, mode and where a link leads. */
function everything(at = folder): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(at)) {
    const path = join(at, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) Object.assign(found, everything(path));
    else found[path] = `${stat.mode.toString(8)} ${readFileSync(path, "latin1")}`;
  }
  return found;
}

function pathOf(client: string, scope: "user" | "project" = "user"): string {
  return CLIENTS[client]?.files[scope]?.(place)[0] ?? "none";
}

function put(path: string, text: string, mode = 0o640): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

function data(client: string, text: string): Record<string, Record<string, unknown>> {
  const value =
    CLIENTS[client]?.format === "toml"
      ? getStaticTOMLValue(parseTOML(text.replace(/^\uFEFF/, ""), { tomlVersion: "1.1" }))
      : parse(text.replace(/^\uFEFF/, ""), [], {
          allowTrailingComma: true,
          allowEmptyContent: true,
        });
  return (value ?? {}) as never;
}

const SERVE = ["/opt/headroom/main.js", "mcp", "serve"];
const ENTRIES: Readonly<Record<string, object>> = {
  "claude-code": { type: "stdio", command: "/usr/bin/node", args: SERVE },
  "claude-desktop": { command: "/usr/bin/node", args: SERVE },
  cursor: { command: "/usr/bin/node", args: SERVE },
  vscode: { type: "stdio", command: "/usr/bin/node", args: SERVE },
  codex: { command: "/usr/bin/node", args: SERVE },
  opencode: { type: "local", command: ["/usr/bin/node", ...SERVE] },
  gemini: { command: "/usr/bin/node", args: SERVE },
  windsurf: { command: "/usr/bin/node", args: SERVE },
};

/** Files before the install, as people and programs write them; `undefined` is no file. */
function filesFor(client: string): Readonly<Record<string, string | undefined>> {
  const name = CLIENTS[client]?.container ?? "";
  if (CLIENTS[client]?.format === "toml")
    return {
      absent: undefined,
      empty: "",
      "without servers": 'model = "gpt-5.5"\n\n[tui]\ntheme = "dark" # mine\n',
      "with a server": `model = "x"\n[${name}.docs]\ncommand = "docs" # it\nargs = [\n  "a", # first\n]\n\n[tui]\na = 1\n`,
      commented: "# nothing\n\n# but words\n",
      "without a final line end": `[${name}.docs]\ncommand = 'docs'`,
      "ending in empty lines": "a = 1\n\n\n",
      "with Windows line ends": `# c\r\na = 1\r\n\r\n[${name}.docs]\r\ncommand = "docs"\r\n`,
      "with a byte order mark": "\uFEFFa = 1\n",
      "with the container as a table": `[${name}]\nother = { command = "x" }\n[b]\n`,
      "with our entry, other values": `[${name}.headroom] # mine\ncommand = "uvx" # old\nargs = ["headroom"]\nstartup_timeout_sec = 20\n\n[${name}.headroom.env]\nA = "b"\n\n[z]\nq = 1\n`,
      "with our entry elsewhere": `a = 1\n\n[${name}.headroom]\nurl = "https://x.example" # there\n\n[z]\n`,
    };
  const docs = '"docs": { "command": "docs", "args": [1, 2e0] }';
  return {
    absent: undefined,
    empty: "",
    "white space": " \n",
    "an empty object": "{}",
    "an empty object on two lines": "{\n}\n",
    "an empty container": `{ "${name}": {} }\n`,
    "without servers": '{\n  "theme": "dark",\n  "big": 12345678901234567890.10\n}\n',
    "with a server": `{\n    "${name}": {\n        ${docs}\n    },\n    "z": "\\u00e9"\n}\n`,
    commented: `// top\n{\n\t// servers\n\t"${name}": {\n\t\t${docs}, // docs } ,\n\t\t/* "old": {}, */\n\t}, // end\n\t"a": [1, 2,], // trailing\n}\n// bottom\n`,
    "commented without a trailing comma": `{\n  "${name}": {\n    ${docs} // docs\n    // none\n  } /* end */\n}`,
    "only comments": "// nothing here",
    minified: `{"a":1,"${name}":{"docs":{"command":"x"}},"b":[]}`,
    "on one line": `{ "a": 1, "${name}": { ${docs} } }\n`,
    "with Windows line ends": `{\r\n  "${name}": {\r\n    ${docs}\r\n  }\r\n}\r\n`,
    "with a byte order mark": `\uFEFF{\n  "a": 1\n}\n`,
    "with our entry, other values": `{\n  "${name}": {\n    "headroom": { "command": "uvx", "args": ["headroom"], "env": { "A": "b" } }, // mine\n    ${docs}\n  }\n}\n`,
    "with our entry elsewhere": `{\n  "${name}": {\n    ${docs},\n    "headroom": {\n      "url": "https://x.example"\n    }\n  }\n}\n`,
  };
}

/** Each client is tried with these; one for each format with all. */
const USUAL = [
  "absent",
  "empty",
  "commented",
  "with Windows line ends",
  "with our entry, other values",
];

function kindsFor(client: string): readonly string[] {
  return ["claude-code", "codex"].includes(client) ? Object.keys(filesFor(client)) : USUAL;
}

/** All but our entry; an empty container is none. */
function others(client: string, text: string): unknown {
  const { [CLIENTS[client]?.container ?? ""]: servers, ...rest } = data(client, text);
  const { headroom: _, ...kept } = servers ?? {};
  return { ...rest, kept };
}

describe.each(Object.keys(CLIENTS))("headroom mcp install --client %s", (client) => {
  it.each(kindsFor(client))("changes its own entry only in a file %s", (kind) => {
    const text = filesFor(client)[kind];
    const path = pathOf(client);
    mkdirSync(dirname(path), { recursive: true });
    if (text !== undefined) put(path, text);
    put(join(place.home, "beside.json"), "{}");
    const before = everything();

    const shown = run(installCommand, "--client", client, "--print");
    expect(shown.code).toBe(0);
    expect(shown.out).toContain("+");
    expect(everything()).toEqual(before);

    const installed = run(installCommand, "--client", client);
    expect(installed).toMatchObject({ code: 0, out: shown.out });
    const now = readFileSync(path, "utf8");
    expect(data(client, now)[CLIENTS[client]?.container ?? ""]?.headroom).toMatchObject(
      ENTRIES[client] ?? {},
    );
    expect(others(client, now)).toEqual(others(client, text ?? ""));
    if (text !== undefined) {
      expect(now.startsWith("\uFEFF")).toBe(text.startsWith("\uFEFF"));
      expect(now.includes("\r\n")).toBe(text.includes("\r\n"));
      expect(/[^\r]\n/.test(now) && text.includes("\r\n")).toBe(false);
      if (text.trim() !== "")
        expect(now.endsWith("\n")).toBe(text.endsWith("\n") || kind === "only comments");
      expect(statSync(path).mode & 0o777).toBe(0o640);
      for (const comment of text.match(/(?:\/\/|# |\/\*).*/g) ?? [])
        if (!comment.includes("x.example")) expect(now).toContain(comment.split('"')[0]?.trim());
    }
    expect(run(statusCommand, "--client", client, "--scope", "user").out).toContain("installed");

    const files = everything();
    expect(run(installCommand, "--client", client).err).toContain("nothing to change");
    expect(everything()).toEqual(files);

    expect(run(uninstallCommand, "--client", client).code).toBe(0);
    expect(everything()).toEqual(before);
  });

  it("leaves what does not parse as it is, and says where", () => {
    const isToml = CLIENTS[client]?.format === "toml";
    const name = CLIENTS[client]?.container;
    const invalid = isToml
      ? [
          "a = 1\nb = \n",
          "a = 1\na = 2\n",
          "\n[a\n",
          `a = 1\n${name} = { x = {} }\n`,
          `\n[[${name}]]\n`,
          `\n${name}.x.command = "y"\n`,
          `[${name}]\nheadroom = { command = "x" }\n`,
        ]
      : [
          '{\n  "a": 1\n  "b": 2\n}\n',
          '{\n  "a": \n',
          "\n[1]",
          `{\n"${name}": []}`,
          `{"a": 1,\n"${name}": null}`,
          `{"${name}": {},\n"${name}": {}}`,
          `{"${name}": {"headroom": {},\n"headroom": {}}}`,
          "{\n'a': 1}",
          "{}\n{}",
        ];
    for (const text of invalid) {
      put(pathOf(client), text);
      const before = everything();
      for (const command of [installCommand, uninstallCommand]) {
        const { code, out, err } = run(command, "--client", client);
        expect({ code, out, text }).toEqual({ code: 2, out: "", text });
        expect(err).toMatch(/^headroom: .* nothing written\. .*, line [23]: .*\.\n$/);
      }
      expect(run(statusCommand, "--client", client).out).toMatch(/ unreadable .*, line [23]: /);
      expect(everything()).toEqual(before);
    }
  });

  it("leaves a read-only file, a folder and what is no text as they are", () => {
    const path = pathOf(client);
    put(path, "", 0o444);
    const before = everything();
    const refused = run(installCommand, "--client", client);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain(`${path}: it is read-only.`);
    expect(everything()).toEqual(before);

    chmodSync(path, 0o644);
    run(installCommand, "--client", client);
    chmodSync(path, 0o444);
    const installed = everything();
    expect(run(uninstallCommand, "--client", client).err).toContain("it is read-only");
    expect(everything()).toEqual(installed);

    rmSync(path);
    writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(run(installCommand, "--client", client).err).toContain("it is not UTF-8 text");
    rmSync(path);
    mkdirSync(path);
    expect(run(installCommand, "--client", client).err).toContain("it is not a file");
  });

  it("takes its entry out of a file that was edited since, and nothing else", () => {
    const isToml = CLIENTS[client]?.format === "toml";
    for (const [kind, text] of Object.entries(filesFor(client))) {
      const isText = text !== undefined && text.trim() !== "" && kind !== "only comments";
      if (!isText || !kindsFor(client).includes(kind)) continue;
      put(pathOf(client), text);
      run(installCommand, "--client", client);
      const edit = (source: string): string => {
        const [mark = "", rest = source] = source.startsWith("\uFEFF")
          ? ["\uFEFF", source.slice(1)]
          : [];
        return isToml ? `${mark}first = 1 # user\n${rest}` : `${mark}// user\n${rest}`;
      };
      put(pathOf(client), edit(readFileSync(pathOf(client), "utf8")));
      expect(run(uninstallCommand, "--client", client).code).toBe(0);
      const now = readFileSync(pathOf(client), "utf8");
      expect(now, kind).toBe(edit(text));
    }
  });
});

describe("headroom mcp uninstall", () => {
  const file = (): string => pathOf("cursor");
  const now = (): string => readFileSync(file(), "utf8");
  const install = (): number => run(installCommand, "--client", "cursor").code;
  const uninstall = (): number => run(uninstallCommand, "--client", "cursor").code;

  it("keeps a server that was added behind ours, and the comma it needs", () => {
    put(file(), '{\n  "mcpServers": {\n    "a": { "command": "x" } // one\n  }\n}\n');
    install();
    const added = now().replace(
      /\n {4}\}\n {2}\}\n\}\n$/,
      '\n    },\n    "b": { "url": "y" }\n  }\n}\n',
    );
    expect(added).not.toBe(now());
    put(file(), added);
    expect(uninstall()).toBe(0);
    expect(now()).toBe(
      '{\n  "mcpServers": {\n    "a": { "command": "x" }, // one\n    "b": { "url": "y" }\n  }\n}\n',
    );
  });

  it("takes the container along that install made, however the client wrote the file since", () => {
    put(file(), '{"numStartups":1,"projects":{}}');
    install();
    put(file(), JSON.stringify({ ...JSON.parse(now()), numStartups: 2 }, undefined, 2));
    expect(uninstall()).toBe(0);
    expect(now()).toBe('{\n  "numStartups": 2,\n  "projects": {}\n}');
  });

  it("keeps a container that was there, and what the user wrote into it", () => {
    put(file(), '{\n  "mcpServers": {},\n  "a": 1\n}\n');
    install();
    put(file(), `${now()}// end\n`);
    uninstall();
    expect(now()).toBe('{\n  "mcpServers": {},\n  "a": 1\n}\n// end\n');
  });

  it("works without the copy of the first file", () => {
    put(file(), '{\n  // mine\n  "mcpServers": {\n    "a": {}, // one\n  },\n}\n');
    const before = now();
    install();
    rmSync(`${file()}.headroom-backup`);
    uninstall();
    expect(now()).toBe(before);
  });

  it("gives back an entry of that name that was there before, says so, and removes it the second time", () => {
    const before = '{ "mcpServers": { "headroom": { "command": "uvx" }, "a": {} } }';
    put(file(), before);
    install();
    const first = run(uninstallCommand, "--client", "cursor");
    expect(first.err).toContain("a second uninstall removes it");
    expect(now()).toBe(before);
    expect(run(uninstallCommand, "--client", "cursor").err).not.toContain("second uninstall");
    expect(now()).toBe('{ "mcpServers": { "a": {} } }');
  });

  it("gives the first file back after several installs", () => {
    const before = '{\n\t"a": 1\n}';
    put(file(), before);
    install();
    run(installCommand, "--client", "cursor", "--", "--store", "sqlite:x.db");
    expect(now()).toContain('"sqlite:x.db"');
    expect(run(statusCommand, "--client", "cursor").out).toContain("installed");
    uninstall();
    expect(now()).toBe(before);
    expect(everything()).toEqual({ [file()]: `100640 ${before}` });
  });

  it("keeps what a user added to the entry when the entry is installed again", () => {
    install();
    put(
      file(),
      now()
        .replace('"command"', '"env": { "A": "b" }, // mine\n      "command"')
        .replace("/usr/bin/node", "/old/node"),
    );
    expect(run(statusCommand, "--client", "cursor").out).toMatch(
      / differs .*: it starts \/old\/node\n/,
    );
    expect(install()).toBe(0);
    expect(now()).toContain('"env": { "A": "b" }, // mine\n');
    expect(now()).toContain('"/usr/bin/node"');
  });

  it("removes a file that install made, but not one that others wrote to since", () => {
    install();
    put(file(), now().replace('"mcpServers"', '"theme": "dark",\n  "mcpServers"'));
    uninstall();
    expect(JSON.parse(now())).toEqual({ theme: "dark", mcpServers: {} });
  });

  it("has nothing to do where nothing is installed", () => {
    const { code, err } = run(uninstallCommand, "--client", "cursor");
    expect({ code, err }).toEqual({
      code: 0,
      err: "headroom: Cursor (user): nothing to change.\n",
    });
    expect(everything()).toEqual({});
  });
});

describe("files", () => {
  it("writes through links, which stay links", () => {
    const [link, target] = [pathOf("gemini"), join(folder, "dotfiles", "gemini.json")];
    put(target, "{}\n", 0o600);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
    run(installCommand, "--client", "gemini");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toContain("headroom");
    expect(readdirSync(dirname(target))).toEqual(["gemini.json"]);
    run(uninstallCommand, "--client", "gemini");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toBe("{}\n");
  });

  it("refuses a link that leads nowhere", () => {
    const link = pathOf("gemini");
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, "nowhere"), link);
    const { code, err } = run(installCommand, "--client", "gemini");
    expect(code).toBe(2);
    expect(err).toContain("cannot be read (ENOENT)");
    expect(readdirSync(dirname(link))).toEqual(["settings.json"]);
  });

  it("does not follow a link in the place of its copy", () => {
    const victim = join(folder, "victim");
    put(victim, "mine");
    put(pathOf("gemini"), "{}");
    symlinkSync(victim, `${pathOf("gemini")}.headroom-backup`);
    run(installCommand, "--client", "gemini");
    expect(readFileSync(victim, "utf8")).toBe("mine");
    expect(readFileSync(`${pathOf("gemini")}.headroom-backup`, "utf8")).toBe("{}");
    expect(statSync(`${pathOf("gemini")}.headroom-backup`).mode & 0o777).toBe(0o600);
  });

  it("does not write over what somebody else wrote meanwhile", () => {
    put(pathOf("gemini"), "new");
    expect(replaceConfig(pathOf("gemini"), Buffer.from("old"), Buffer.from("ours"), 0o600)).toBe(
      false,
    );
    expect(replaceConfig(pathOf("gemini"), undefined, Buffer.from("ours"), 0o600)).toBe(false);
    expect(everything()).toEqual({ [pathOf("gemini")]: "100640 new" });
  });
});

describe("the line", () => {
  const found = (): string[] =>
    clientStates(place)
      .filter((state) => state.found && state.scope === "user")
      .map(({ client }) => client);

  it("goes to all clients that are found, and one that fails does not keep the others", () => {
    expect(() => run(installCommand)).toThrow(
      "No client was found. Name one by --client: claude-code, ",
    );
    put(join(place.home, ".claude.json"), "{");
    mkdirSync(join(place.home, ".codex"));
    mkdirSync(join(place.home, ".codeium", "windsurf"), { recursive: true });
    expect(found()).toEqual(["claude-code", "codex", "windsurf"]);
    const { code, err } = run(installCommand);
    expect(code).toBe(2);
    expect(err).toMatch(
      /Claude Code \(user\): nothing written\. .*, line 1: not valid JSON: .*\.\n/,
    );
    expect(Object.keys(everything()).toSorted()).toEqual(
      [join(place.home, ".claude.json"), pathOf("codex"), pathOf("windsurf")].toSorted(),
    );
  });

  it("names the command, and no path of this machine, in a file of the project", () => {
    run(installCommand, "--client", "vscode", "--scope", "project", "--", "--root", ".");
    expect(everything()).toHaveProperty([join(place.cwd, ".vscode", "mcp.json")]);
    expect(JSON.parse(readFileSync(pathOf("vscode", "project"), "utf8"))).toEqual({
      servers: {
        headroom: { type: "stdio", command: "headroom", args: ["mcp", "serve", "--root", "."] },
      },
    });
    run(uninstallCommand, "--client", "vscode", "--scope", "project");
    expect(readdirSync(place.cwd)).toEqual([]);
    expect(() => run(installCommand, "--client", "windsurf", "--scope", "project")).toThrow(
      "Windsurf has no file for a project; use --scope user.",
    );
  });

  it("edits opencode.jsonc where that is the file there is", () => {
    const path = join(place.home, ".config", "opencode", "opencode.jsonc");
    put(path, "{} // mine\n");
    run(installCommand, "--client", "opencode");
    expect(readFileSync(path, "utf8")).toContain('"type": "local"');
  });

  it("prints JSON for programs", () => {
    put(pathOf("cursor"), "[");
    const refused = run(installCommand, "--client", "cursor", "--client", "codex", "--json");
    expect(refused).toMatchObject({ code: 2, err: "" });
    expect(JSON.parse(refused.out)).toEqual([
      {
        client: "cursor",
        scope: "user",
        path: pathOf("cursor"),
        action: "refused",
        reason: expect.stringContaining("line 1"),
      },
      {
        client: "codex",
        scope: "user",
        path: pathOf("codex"),
        action: "installed",
        difference: expect.stringContaining("+[mcp_servers.headroom]"),
      },
    ]);
    const status = JSON.parse(
      run(statusCommand, "--json", "--scope", "user", "--client", "cursor", "--client", "codex")
        .out,
    );
    expect(status).toEqual([
      {
        client: "cursor",
        scope: "user",
        path: pathOf("cursor"),
        found: true,
        state: "unreadable",
        line: 1,
        reason: expect.any(String),
      },
      { client: "codex", scope: "user", path: pathOf("codex"), found: true, state: "installed" },
    ]);
  });

  it.each([
    [["--client", "emacs"], 'There is no client "emacs". Clients: claude-code,'],
    [["--scope", "all"], '--scope takes user or project, not "all".'],
    [["cursor"], "A client is named by --client cursor."],
    [["--prnt"], "Unknown option '--prnt'. Did you mean --print? See: headroom mcp --help"],
    [["--", "--http"], "leave out --http"],
    [["--", "--prt", "1"], "Unknown option '--prt'"],
  ])("refuses %j", (args, words) => {
    expect(() => run(installCommand, ...args)).toThrow(words);
    expect(everything()).toEqual({});
  });

  it("does not install what npx keeps for a while only", () => {
    place = {
      ...place,
      program: {
        node: "/usr/bin/node",
        script: "/root/.npm/_npx/1/node_modules/headroom/dist/main.js",
      },
    };
    expect(() => run(installCommand, "--client", "cursor")).toThrow(
      "npx and dlx keep this command only for a while",
    );
  });

  it("finds files where each platform and variable puts them", () => {
    const paths = (more: Partial<Place>): Record<string, string> => {
      place = { ...place, ...more };
      return Object.fromEntries(Object.keys(CLIENTS).map((client) => [client, pathOf(client)]));
    };
    const { home } = place;
    const anywhere = {
      "claude-code": `${home}/.claude.json`,
      cursor: `${home}/.cursor/mcp.json`,
      codex: `${home}/.codex/config.toml`,
      opencode: `${home}/.config/opencode/opencode.json`,
      gemini: `${home}/.gemini/settings.json`,
      windsurf: `${home}/.codeium/windsurf/mcp_config.json`,
    };
    expect(paths({ platform: "linux" })).toEqual({
      ...anywhere,
      "claude-desktop": `${home}/.config/Claude/claude_desktop_config.json`,
      vscode: `${home}/.config/Code/User/mcp.json`,
    });
    expect(paths({ platform: "darwin" })).toEqual({
      ...anywhere,
      "claude-desktop": `${home}/Library/Application Support/Claude/claude_desktop_config.json`,
      vscode: `${home}/Library/Application Support/Code/User/mcp.json`,
    });
    expect(paths({ platform: "win32", env: { APPDATA: "/roaming" } })).toEqual({
      ...anywhere,
      "claude-desktop": "/roaming/Claude/claude_desktop_config.json",
      vscode: "/roaming/Code/User/mcp.json",
    });
    const env = {
      XDG_CONFIG_HOME: "/xdg",
      CODEX_HOME: "/codex",
      CLAUDE_CONFIG_DIR: "/claude",
      GEMINI_CLI_HOME: "/gemini",
      VSCODE_PORTABLE: "/portable",
    };
    expect(paths({ platform: "linux", env })).toEqual({
      "claude-code": "/claude/.claude.json",
      "claude-desktop": "/xdg/Claude/claude_desktop_config.json",
      cursor: `${home}/.cursor/mcp.json`,
      vscode: "/portable/user-data/User/mcp.json",
      codex: "/codex/config.toml",
      opencode: "/xdg/opencode/opencode.json",
      gemini: "/gemini/.gemini/settings.json",
      windsurf: `${home}/.codeium/windsurf/mcp_config.json`,
    });
  });

  it("shows of a long line only what is about the change", () => {
    put(pathOf("cursor"), `{"token":"${"s".repeat(500)}","a":1}`);
    const { out } = run(installCommand, "--client", "cursor", "--print");
    expect(out.length).toBeLessThan(700);
    expect(out).toContain('"mcpServers":{"headroom":');
    expect(out).not.toContain('"token"');
  });

  it("has its clients and options in the help and in the document", () => {
    const help = helpFor("mcp");
    const document = readFileSync(
      new URL("../../../../docs/mcp-install.md", import.meta.url),
      "utf8",
    );
    for (const [key, { container }] of Object.entries(CLIENTS)) {
      expect(help.replaceAll(/\s+/g, " ")).toMatch(new RegExp(`[ ,]${key}[ ,;]`));
      const row = document.split("\n").find((line) => line.startsWith(`| \`${key}\``)) ?? "";
      expect(row).toContain(container);
      expect(row).toContain(pathOf(key).replace(place.home, "~"));
      const project = CLIENTS[key]?.files.project?.(place)[0];
      expect(row.split("|")[3]?.trim() !== "").toBe(project !== undefined);
      if (project) expect(row).toContain(`\`${project.slice(place.cwd.length + 1)}\``);
    }
    const told = [...help.matchAll(/^ {2}--([a-z]+)/gm)].map(([, name]) => name);
    expect(told).toEqual(expect.arrayContaining(Object.keys(OPTIONS)));
  });

  it("is there on the command line", async () => {
    const { run: headroom } = await import("../run.ts");
    const asked = async (...args: string[]): Promise<string> => {
      let printed = "";
      const write = (text: string): unknown => (printed += text);
      const env = { HOME: place.home, USERPROFILE: place.home, APPDATA: place.home };
      const stdin = (async function* () {})();
      await headroom(["mcp", ...args], { stdin, stdout: { write }, stderr: { write }, env });
      return printed;
    };
    expect(await asked()).toBe(
      "headroom: headroom mcp takes serve, wrap, install, uninstall, status. See: headroom mcp --help\n",
    );
    const states = JSON.parse(await asked("status", "--json", "--scope", "user")) as {
      path: string;
    }[];
    expect(states).toHaveLength(8);
    for (const { path } of states) expect(path.startsWith(place.home)).toBe(true);
  });
});
