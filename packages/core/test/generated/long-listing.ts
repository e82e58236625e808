/** Long listings as ls, find, tar, unzip and dir print them. */
import { paths } from "./paths.ts";
import { pick, type Random, times, whole } from "./random.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const MODES = ["-rw-r--r--", "-rw-r--r--", "-rwxr-xr-x", "drwxr-xr-x", "-rw-r-----", "-rwsr-xr-x"];

interface File {
  readonly path: string;
  readonly mode: string;
  readonly links: string;
  readonly owner: string;
  readonly group: string;
  readonly size: string;
  readonly when: readonly [month: number, day: number, hour: number, minute: number];
}

export function longListing(random: Random): string {
  const human = random() < 0.3;
  const someTimes = times(1 + whole(pick([1, 40], random), random), () => when(random));
  const files = [...new Set(paths(5 + whole(pick([20, 90, 200], random), random), random))]
    .filter((path) => !path.includes("\n"))
    .map((path): File => {
      const size = whole(10 ** (1 + whole(6, random)), random);
      return {
        path: path.replace(/^\.?\//, ""),
        mode: pick(MODES, random),
        links: `${1 + whole(random() < 0.1 ? 40 : 2, random)}`,
        owner: pick(["root", "root", "root", "postgres"], random),
        group: pick(["root", "root", "adm"], random),
        size: human ? pick([`${size}`, `${(size / 100).toFixed(1)}K`, "3.2G"], random) : `${size}`,
        when: pick(someTimes, random),
      };
    });
  const lines = pick([ls, ls, lsRecursive, tar, unzip, printed, findLs], random)(files, random);
  return lines.join("\n") + (random() < 0.9 ? "\n" : "");
}

function when(random: Random): File["when"] {
  return [whole(12, random), 1 + whole(28, random), whole(24, random), whole(60, random)];
}

const two = (number: number): string => `${number}`.padStart(2, "0");

function named([month, day, hour, minute]: File["when"], at: number): string {
  const clock = at % 9 === 4 ? " 2024" : `${two(hour)}:${two(minute)}`;
  return `${MONTHS[month]} ${`${day}`.padStart(2)} ${clock}`;
}

function iso([month, day, hour, minute]: File["when"]): string {
  return `2026-${two(month + 1)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

function width(files: readonly File[], key: "links" | "owner" | "group" | "size"): number {
  return Math.max(...files.map((file) => file[key].length));
}

function ls(files: readonly File[], random: Random): readonly string[] {
  const own = files.map((file) => ({
    ...file,
    path: file.path.slice(file.path.lastIndexOf("/") + 1),
  }));
  const rows = lsRows(own);
  return random() < 0.7 ? [`total ${files.length * 4}`, ...rows] : rows;
}

function lsRows(files: readonly File[]): readonly string[] {
  const [links, owner, group, size] = (["links", "owner", "group", "size"] as const).map((key) =>
    width(files, key),
  );
  return files.map((file, at) =>
    [
      file.mode,
      file.links.padStart(links ?? 0),
      file.owner.padEnd(owner ?? 0),
      file.group.padEnd(group ?? 0),
      file.size.padStart(size ?? 0),
      named(file.when, at),
      file.path || "x",
    ].join(" "),
  );
}

function lsRecursive(files: readonly File[], random: Random): readonly string[] {
  const folders = new Map<string, File[]>();
  for (const file of files) {
    const slash = file.path.lastIndexOf("/");
    const folder = slash < 0 ? "." : `./${file.path.slice(0, slash)}`;
    const own = { ...file, path: file.path.slice(slash + 1) || "x" };
    folders.set(folder, [...(folders.get(folder) ?? []), own]);
  }
  const blocks = [...folders].map(([folder, own]) => [
    `${folder}:`,
    `total ${own.length * 4}`,
    ...lsRows(own),
  ]);
  if (random() < 0.2) blocks.push(["./empty:", "total 0"]);
  const lines = blocks.flatMap((block, at) => (at === 0 ? block : ["", ...block]));
  return random() < 0.15
    ? ["ls: cannot open directory './secret': Permission denied", ...lines]
    : lines;
}

function tar(files: readonly File[]): readonly string[] {
  return files.map((file) => {
    const who = `${file.owner}/${file.group}`;
    const padded = `${who} ${file.size.padStart(Math.max(1, 18 - who.length))}`;
    return `${file.mode} ${padded} ${iso(file.when)} ${file.path}`;
  });
}

function unzip(files: readonly File[]): readonly string[] {
  return [
    "Archive:  a.zip",
    "  Length      Date    Time    Name",
    "---------  ---------- -----   ----",
    ...files.map(({ size, when: at, path }) => `${size.padStart(9)}  ${iso(at)}   ${path}`),
    "---------                     -------",
    `${`${files.length * 7}`.padStart(9)}                     ${files.length} files`,
  ];
}

function printed(files: readonly File[], random: Random): readonly string[] {
  const between = pick([" ", "\t"], random);
  return files.map(({ size, when: at, path }) => `${iso(at)} ${size}${between}${path}`);
}

function findLs(files: readonly File[]): readonly string[] {
  return files.map((file, at) =>
    [
      `${7_095_000 + at}`.padStart(9),
      "4".padStart(6),
      file.mode,
      file.links.padStart(3),
      file.owner.padEnd(8),
      file.group.padEnd(8),
      file.size.padStart(8),
      named(file.when, at),
      `./${file.path}`,
    ].join(" "),
  );
}
