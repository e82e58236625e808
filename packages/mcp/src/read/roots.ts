/** Which folders `headroom_read` may read, and whether a path is in them when every link and `..` is followed. */
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { ToolError } from "../answer.ts";

const ROOTS = "roots";
/** A client that names more is taken by its first ones. */
const MAX_ROOTS = 64;

/** Folders that the client names; a question to it where it has not been asked in this call. */
export function clientRoots(context: ServerContext): readonly string[] | InputRequiredResult {
  const answered = inputResponse(context.mcpReq.inputResponses, ROOTS);
  if (answered.kind !== "roots")
    return inputRequired({ inputRequests: { [ROOTS]: inputRequired.listRoots() } });
  return answered.roots.slice(0, MAX_ROOTS).flatMap((root: unknown) => {
    const { uri } = (root ?? {}) as { readonly uri?: unknown };
    const path = typeof uri === "string" ? pathOfUri(uri) : undefined;
    return path === undefined ? [] : [path];
  });
}

/** The path of a `file:` URI on this machine. */
function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** A file inside the roots. */
export interface Inside {
  /** Without links. */
  readonly real: string;
  /** As a reader calls it: from its root, or as it was asked for. */
  readonly shown: string;
}

/**
 * Where a path leads. A relative one is looked for in each root.
 *
 * Whether a file outside is there does not show: it is answered as one that is not.
 *
 * @throws ToolError where it leads out of the roots, or nowhere
 */
export async function insideRoots(path: string, roots: readonly string[]): Promise<Inside> {
  const folders = (await Promise.all(roots.map(realOf))).filter((root) => root !== undefined);
  if (folders.length === 0)
    throw new ToolError(
      "headroom_read may read no folder: the client names none that is there. Start the server with --root FOLDER, or read the file in another way.",
    );
  const asked = path.startsWith("file:") ? (pathOfUri(path) ?? path) : path;
  const candidates = isAbsolute(asked) ? [asked] : folders.map((root) => resolve(root, asked));
  for (const candidate of candidates) {
    const real = await realOf(candidate);
    const root = real === undefined ? undefined : folders.find((one) => isIn(real, one));
    if (real !== undefined && root !== undefined)
      return { real, shown: relative(root, real) || "." };
  }
  throw new ToolError(
    `${quoted(path)} is not in the folders that may be read: it is not there, or stands outside of ${folders.map(quoted).join(", ")}.`,
  );
}

/** `undefined` for what is not there, or may not be looked at. */
async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

function isIn(real: string, root: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** A path as it is said to a model: a line break in it begins no line. */
export function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 1_000));
}
