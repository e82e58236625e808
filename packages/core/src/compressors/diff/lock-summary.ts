/**
 * What changed in a lock file, by package: new, removed, from which to which version.
 *
 * Reads the package and version lines of npm, pnpm, Yarn, Bun, Cargo, Poetry, uv, Composer, Bundler, Pipenv and Go; of any
 * other it finds nothing, and then only the count of lines is said. Names and versions are printed as they stood.
 *
 * Trap: the version line of a package can change without its name line, so both sides follow the name through unchanged lines.
 */

export interface PackageChange {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface Sides<Value> {
  old: Value;
  fresh: Value;
}

/** `hunks` are body lines with signs. */
export function packageChanges(hunks: Iterable<readonly string[]>): readonly PackageChange[] {
  const changes = new Map<string, Sides<Set<string>>>();
  const record = (sign: string, name: string, version: string): void => {
    const known = changes.get(name) ?? { old: new Set<string>(), fresh: new Set<string>() };
    changes.set(name, known);
    (sign === "-" ? known.old : known.fresh).add(version);
  };
  for (const hunk of hunks) {
    const names: Sides<string | undefined> = { old: undefined, fresh: undefined };
    for (const line of hunk) {
      const sign = line[0] ?? "";
      const text = line.slice(1, 400);
      const whole = nameAndVersion(text);
      if (whole !== undefined) {
        if (sign !== " ") record(sign, whole[0], whole[1]);
        continue;
      }
      const name = nameOf(text);
      if (name !== undefined) {
        if (sign !== "+") names.old = name;
        if (sign !== "-") names.fresh = name;
        continue;
      }
      const version = versionOf(text);
      const owner = sign === "-" ? names.old : names.fresh;
      if (version !== undefined && owner !== undefined && (sign === "+" || sign === "-")) {
        record(sign, owner, version);
      }
    }
  }
  const result: PackageChange[] = [];
  for (const [name, { old, fresh }] of changes) {
    const before = [...old].filter((version) => !fresh.has(version));
    const after = [...fresh].filter((version) => !old.has(version));
    if (before.length + after.length > 0) result.push({ name, before, after });
  }
  return result;
}

/** One line holds both: pnpm and Bun keys, go.sum, Bundler. */
function nameAndVersion(text: string): readonly [string, string] | undefined {
  if (text.startsWith("    ") && text[4] !== " " && text.endsWith(")")) {
    const open = text.indexOf(" (", 4);
    const version = text.slice(open + 2, -1);
    if (open > 4 && isVersion(version)) return [text.slice(4, open), version];
  }
  const words = text.split(" ");
  if (words.length === 3 && words[2]?.startsWith("h1:") === true) {
    const version = words[1] ?? "";
    const end = version.indexOf("/go.mod");
    return [words[0] ?? "", end === -1 ? version : version.slice(0, end)];
  }
  const trimmed = text.trim();
  const bun = trimmed.indexOf('": ["');
  if (bun > 0) return splitAt(trimmed.slice(bun + 5, trimmed.indexOf('"', bun + 5)));
  if (text.startsWith("  ") && text[2] !== " " && trimmed.endsWith(":")) {
    return splitAt(unquote(trimmed.slice(0, -1)).replace(/^\//, ""));
  }
  return undefined;
}

/** `@a/b@1.2.0(react@18.0.0)` is `@a/b` at `1.2.0`; anything that is no version is no package. */
function splitAt(key: string): readonly [string, string] | undefined {
  const peers = key.indexOf("(");
  const bare = peers === -1 ? key : key.slice(0, peers);
  const at = bare.lastIndexOf("@");
  const version = bare.slice(at + 1);
  return at > 0 && isVersion(version) ? [bare.slice(0, at), version] : undefined;
}

function isVersion(text: string): boolean {
  const first = text.charCodeAt(text[0] === "v" ? 1 : 0);
  return first >= 48 && first <= 57 && !text.includes(" ");
}

/** `"node_modules/a": {`, `name = "a"`, `"name": "a",`, `"a@^1.0.0", "a@^1.1.0":`. */
function nameOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('"name": "') || trimmed.startsWith('name = "')) {
    return between(trimmed, trimmed.indexOf('"', 6));
  }
  if (trimmed.startsWith('"') && trimmed.endsWith('": {')) {
    const key = trimmed.slice(1, -4);
    return GROUPS.has(key) ? undefined : key === "" ? '""' : key;
  }
  // pnpm importers: a key alone, `specifier:` and `version:` below it.
  if (text.startsWith("    ") && trimmed.endsWith(":") && !trimmed.includes(" ")) {
    const key = unquote(trimmed.slice(0, -1));
    return GROUPS.has(key) ? undefined : key;
  }
  // Yarn: at the start of the line, ranges instead of a version.
  if (text[0] !== " " && trimmed.endsWith(":") && trimmed.includes("@")) {
    const first = unquote(trimmed.slice(0, -1).split(", ")[0] ?? "").replaceAll('"', "");
    const at = first.indexOf("@", 1);
    return at > 0 ? first.slice(0, at) : undefined;
  }
  return undefined;
}

/** Keys of npm and pnpm lock files that hold groups, not packages. */
const GROUPS: ReadonlySet<string> = new Set(
  "bin default dependencies develop devDependencies engines funding optionalDependencies packages peerDependencies peerDependenciesMeta requires resolution transitivePeerDependencies".split(
    " ",
  ),
);

/** `"version": "1.2.0",`, `version = "1.2.0"`, `version "1.2.0"`, `version: 1.2.0`. */
function versionOf(text: string): string | undefined {
  const trimmed = text.trim();
  for (const start of ['"version": "', 'version = "', 'version "']) {
    if (trimmed.startsWith(start)) return between(trimmed, start.length - 1);
  }
  return trimmed.startsWith("version: ") ? unquote(trimmed.slice("version: ".length)) : undefined;
}

function between(text: string, quote: number): string | undefined {
  const end = text.indexOf('"', quote + 1);
  return quote === -1 || end <= quote + 1 ? undefined : text.slice(quote + 1, end);
}

function unquote(text: string): string {
  const quoted = text.length > 1 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
  return quoted ? text.slice(1, -1) : text;
}

/** Names by category, at most this many each; the rest is counted. */
const MAX_LISTED = 300;

/** Lines to print: new, removed, and one line for each pair of versions that several packages share. */
export function describePackages(changes: readonly PackageChange[]): readonly string[] {
  const fresh: string[] = [];
  const gone: string[] = [];
  const moved = new Map<string, string[]>();
  for (const { name, before, after } of changes) {
    if (before.length === 0) fresh.push(`${name} ${after.join(" and ")}`);
    else if (after.length === 0) gone.push(`${name} ${before.join(" and ")}`);
    else {
      const step = `${before.join(" and ")} → ${after.join(" and ")}`;
      const names = moved.get(step);
      if (names === undefined) moved.set(step, [name]);
      else names.push(name);
    }
  }
  const single: string[] = [];
  const lines: string[] = [];
  for (const [step, names] of moved) {
    if (names.length === 1) single.push(`${names[0]} ${step}`);
    else lines.push(`${step}: ${list(names)}`);
  }
  if (single.length > 0) lines.push(`changed: ${list(single)}`);
  if (fresh.length > 0) lines.push(`new: ${list(fresh)}`);
  if (gone.length > 0) lines.push(`removed: ${list(gone)}`);
  return lines;
}

function list(names: readonly string[]): string {
  const shown = foldFamilies(names.slice(0, MAX_LISTED)).join(", ");
  return names.length > MAX_LISTED ? `${shown}, … ${names.length - MAX_LISTED} more` : shown;
}

/** From this many packages of one scope on (platform builds), the scope is said once: `node_modules/@esbuild/ (aix-ppc64 …)`. */
const FAMILY = 5;

function foldFamilies(names: readonly string[]): readonly string[] {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const scope = name.slice(0, name.lastIndexOf("/") + 1);
    const known = families.get(scope);
    if (known === undefined) families.set(scope, [name]);
    else known.push(name);
  }
  return [...families].flatMap(([scope, members]) =>
    members.length < FAMILY || !scope.includes("@")
      ? members
      : [`${scope} (${members.map((name) => name.slice(scope.length)).join(", ")})`],
  );
}
