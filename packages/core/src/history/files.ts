/**
 * Which tool calls read or change which files.
 *
 * Names are those of Claude Code, Codex, OpenCode, Cursor, Aider, Cline, Gemini CLI, Copilot, the file tools of LangChain and Deep
 * Agents, the text editor of Anthropic (AI SDK) and the file server of MCP. A prefix as MCP clients put it does not matter.
 */
import { isRecord, type UnknownRecord } from "../kit/json.ts";
import type { ToolCall } from "../types/message.ts";
import { type FileUse, linesOfArgs, tidyPath } from "./file-use.ts";
import { isProgramName } from "./program-names.ts";
import { patchedFiles, printsFilesOnly, shellFiles } from "./shell.ts";

/** What tools do with files, by name. */
export type FileTools = Readonly<Record<string, "edit" | "other" | "read">>;

type Way = "edit" | "editor" | "patch" | "read" | "shell";

const WAYS: ReadonlyMap<string, Way> = new Map(
  Object.entries({
    edit: [
      "applydiff",
      "create",
      "createfile",
      "deletefile",
      "edit",
      "editfile",
      "editnotebook",
      "filedelete",
      "insertcontent",
      "inserteditintofile",
      "multiedit",
      "notebookedit",
      "replace",
      "replaceinfile",
      "replacelines",
      "replacestringinfile",
      "searchreplace",
      "strreplace",
      "write",
      "writefile",
      "writetofile",
    ],
    editor: ["strreplacebasededittool", "strreplaceeditor", "texteditor"],
    patch: ["applypatch", "patch"],
    read: [
      "notebookread",
      "openfile",
      "read",
      "readfile",
      "readfiles",
      "readmanyfiles",
      "readmultiplefiles",
      "readtextfile",
      "view",
      "viewfile",
    ],
    shell: [
      "bash",
      "execcommand",
      "executecommand",
      "localshell",
      "runcommand",
      "runinterminal",
      "runshellcommand",
      "runterminalcmd",
      "shell",
      "shellcommand",
      "terminal",
    ],
  } satisfies Record<Way, string[]>).flatMap(([way, names]) =>
    names.map((name): [string, Way] => [name, way as Way]),
  ),
);

/** Names under which arguments have the path of a file, or several. */
const PATHS = [
  "file_path",
  "filePath",
  "path",
  "target_file",
  "absolute_path",
  "notebook_path",
  "filename",
  "file",
  "paths",
  "files",
  "edits",
];
const PATCHES = ["input", "patchText", "patch", "diff", "patch_text"];
const COMMANDS = ["command", "cmd", "commands", "input"];
const FOLDERS = ["workdir", "cwd", "working_directory"];
/** More files of one call are not looked at. */
const MAX_FILES = 64;

/** What a call does with files, in order; nothing for most tools. */
export function filesOf({ name, args = "" }: ToolCall, own: FileTools): readonly FileUse[] {
  const way = wayOf(name, own);
  if (way === undefined || args === "") return [];
  const values = parsed(args);
  if (way === "patch")
    return [
      ...patchedFiles(firstText(values, PATCHES) ?? args),
      // The patch tool of OpenAI's names the file beside the difference.
      ...pathsIn(values).map((path): FileUse => ({ action: "edit", path })),
    ];
  if (values === undefined) return way === "shell" ? shellFiles(args, "") : [];
  if (way === "shell") {
    const folder = firstText(values, FOLDERS) ?? "";
    return COMMANDS.flatMap((key) => commandsIn(values[key])).flatMap((line) =>
      shellFiles(line, folder),
    );
  }
  const isRead = way === "read" || (way === "editor" && values.command === "view");
  const paths = pathsIn(values).slice(0, MAX_FILES);
  if (!isRead) return paths.map((path) => ({ action: "edit", path }));
  const lines = linesOfArgs(values);
  return paths.map((path) => ({ action: "read", path, ...(lines ? { lines } : {}) }));
}

/** Whether what a tool returned is of a file: by its name, and where it is a shell by its command. */
export function isFileRead(toolName: string | undefined, args = ""): boolean {
  const way = toolName === undefined ? undefined : wayOf(toolName, {});
  if (toolName === undefined || way !== "shell") return way === "read" || way === "editor";
  return filesOf({ id: "", name: toolName, args }, {}).some(({ action }) => action === "read");
}

/** Whether what a tool returned is source code: of files whose names say so, and of nothing else. */
export function isProgramRead(toolName: string | undefined, args = ""): boolean {
  const way = toolName === undefined || args === "" ? undefined : wayOf(toolName, {});
  if (toolName === undefined || way === undefined) return false;
  const files = filesOf({ id: "", name: toolName, args }, {});
  const areRead = files.length > 0 && files.every(({ action }) => action === "read");
  if (!areRead || !files.every(({ path }) => isProgramName(path))) return false;
  if (way !== "shell") return true;
  const values = parsed(args);
  const commands = values ? COMMANDS.flatMap((key) => commandsIn(values[key])) : [args];
  return commands.every(printsFilesOnly);
}

/** Whether a value is what `history.files` accepts. */
export function isFileTools(value: unknown): value is FileTools {
  return (
    isRecord(value) &&
    Object.values(value).every((use) => use === "read" || use === "edit" || use === "other")
  );
}

function wayOf(toolName: string, own: FileTools): Way | undefined {
  const prefix = toolName.lastIndexOf("__");
  const bare = prefix < 0 ? toolName : toolName.slice(prefix + 2);
  for (const name of [toolName, bare])
    if (Object.hasOwn(own, name)) return own[name] === "other" ? undefined : (own[name] as Way);
  return WAYS.get(bare.toLowerCase().replaceAll(/[_-]/g, ""));
}

function parsed(args: string): UnknownRecord | undefined {
  try {
    const value: unknown = JSON.parse(args);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstText(values: UnknownRecord | undefined, keys: readonly string[]): string | undefined {
  if (!values) return undefined;
  for (const key of keys) if (typeof values[key] === "string") return values[key];
  return undefined;
}

function pathsIn(values: UnknownRecord | undefined): readonly string[] {
  if (!values) return [];
  const paths = new Set<string>();
  for (const key of PATHS)
    for (const value of listOf(values[key])) {
      const path = isRecord(value) ? (value.path ?? value.file_path) : value;
      if (typeof path === "string" && path !== "") paths.add(tidyPath(path));
    }
  return [...paths];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_FILES) : [value];
}

/** A command line, several, or one as its words: `["bash", "-lc", "cat a.ts"]`. */
function commandsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return [];
  const words = value.filter((word): word is string => typeof word === "string");
  const [program = "", flag = ""] = words;
  const isWrapped = /(?:^|\/)(?:ba|z|da)?sh$/.test(program) && /^-l?c$/.test(flag);
  if (isWrapped) return words.slice(2, 3);
  return words.some((word) => word.includes(" ")) && !/^[\w./-]+$/.test(program)
    ? words
    : [words.join(" ")];
}
