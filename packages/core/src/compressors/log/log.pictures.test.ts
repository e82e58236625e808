import { describe } from "vitest";
import { pick, type Random, whole } from "../../../test/generated/random.ts";
import { describePictures } from "../../../test/pictures.ts";
import { logCompressor } from "./log.ts";

const STAMPS: readonly ((at: number) => string)[] = [
  (at) => `2026-04-22T16:09:${two(at)}.${3_317_193 + at}Z `,
  (at) => `build\tRun tests\t2026-04-22T16:09:${two(at)}.${331_719 + at}Z `,
  (at) => `[2024-05-01 10:${two(Math.floor(at / 9))}:${two(at)}] `,
  (at) => `2024/05/01 10:00:${two(at)}.${100 + at}+02:00 `,
  (at) => `Jun ${` ${1 + (at % 9)}`.slice(-2)} 06:00:${two(at)} gate sshd[${200 + at}]: `,
  (at) => `10:00:${two(at)} `,
];

function two(number: number): string {
  return String(number % 60).padStart(2, "0");
}

/** What collectors, terminals and Windows add to a log. */
function dress(text: string, random: Random): string {
  let lines = text.split("\n");
  if (random() < 0.4) {
    const stamp = pick(STAMPS, random);
    const every = 1 + whole(3, random);
    lines = lines.map((line, at) => (line === "" ? line : stamp(Math.floor(at / every)) + line));
  }
  if (random() < 0.2)
    lines = lines.map((line) => (random() < 0.3 ? `\u001b[31m${line}\u001b[0m` : line));
  if (random() < 0.1) lines = lines.map((line) => (random() < 0.2 ? `10 %\r50 %\r${line}` : line));
  const joined = lines.join("\n");
  return random() < 0.1 ? `\ufeff${joined}` : joined;
}

describe("pictures of logs", () =>
  describePictures(logCompressor(), { home: new URL("./", import.meta.url), dress }));
