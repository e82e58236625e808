/** Lists of files as find, tree, ls -R and git status print them. */
import { paths } from "./paths.ts";
import { pick, type Random, whole } from "./random.ts";

interface Folder {
  readonly [name: string]: Folder;
}

export function listing(random: Random): string {
  const list = paths(5 + whole(pick([12, 100, 400], random), random), random);
  const kind = random();
  const end = random() < 0.8 ? "\n" : "";
  if (kind < 0.4) return list.join("\n") + end;
  if (kind < 0.5) return status(list, random) + end;
  const root = nest([...list].sort());
  if (kind < 0.85) return tree(root, random) + end;
  return blocks(root, random() < 0.5 ? "." : "project").join("\n\n") + end;
}

function nest(list: readonly string[]): Folder {
  const root: Record<string, Folder> = Object.create(null);
  for (const path of list) {
    let folder = root;
    for (const part of path.split("/").filter((part) => part !== "" && part !== ".")) {
      folder[part] ??= Object.create(null) as Record<string, Folder>;
      folder = folder[part] as Record<string, Folder>;
    }
  }
  return root;
}

const ART = [
  ["│   ", "├── ", "└── "],
  ["│\u00a0\u00a0 ", "├── ", "└── "],
  ["|   ", "|-- ", "`-- "],
  ["│   ", "├───", "└───"],
  ["|   ", "+---", "\\---"],
] as const;

function tree(root: Folder, random: Random): string {
  const [bar, branch, last] = pick(ART, random);
  const mark = random() < 0.3 ? "/" : "";
  const lines = [random() < 0.5 ? "." : `project${mark}`];
  let count = 0;
  const walk = (folder: Folder, before: string): void => {
    const names = Object.keys(folder);
    for (const [at, name] of names.entries()) {
      const inner = folder[name] ?? {};
      const isLast = at === names.length - 1;
      const isFolder = Object.keys(inner).length > 0;
      lines.push(before + (isLast ? last : branch) + name + (isFolder ? mark : ""));
      count++;
      walk(inner, before + (isLast ? "    " : bar));
    }
  };
  walk(root, "");
  if (random() < 0.6) lines.push("", `${count} directories, ${count} files`);
  return lines.join("\n");
}

function blocks(folder: Folder, name: string): readonly string[] {
  const names = Object.keys(folder).sort();
  const own = [`${name}:`, ...names].join("\n");
  const inner = names.filter((each) => Object.keys(folder[each] ?? {}).length > 0);
  return [own, ...inner.flatMap((each) => blocks(folder[each] ?? {}, `${name}/${each}`))];
}

function status(list: readonly string[], random: Random): string {
  const marks = pick(
    [
      ["M  ", " M ", "?? ", "A  ", "R  "],
      ["M\t", "A\t", "D\t"],
      ["\tmodified:   ", "\tnew file:   "],
    ],
    random,
  );
  const head = random() < 0.5 ? ["On branch main", "Changes not staged for commit:", ""] : [];
  return [...head, ...list.map((path) => pick(marks, random) + path)].join("\n");
}
