/**
 * `npm run bench:measure`: what `headroom measure` takes on 16 MB of real sessions, in a process of its own.
 *
 * The corpus has 6 MB: its sessions are laid out again and again until there is enough. Every file is measured on its own, so nothing
 * is known from one that was before.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { corpora } from "./corpus.ts";
import { report } from "./report.ts";

const BYTES = 16_000_000;
const CHILD = fileURLToPath(new URL("measure-sessions-child.ts", import.meta.url));

const samples = corpora.readSet("sessions");
const out = report("measure", "What headroom measure takes", { command: "bench:measure" });
if (samples.length === 0) {
  out.text("The shared corpora are not there.");
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), "headroom-measure-"));
  try {
    let bytes = 0;
    for (let at = 0; bytes < BYTES; at++) {
      const { name = "", text = "" } = samples[at % samples.length] ?? {};
      const file = join(folder, `${at}-${name.replaceAll(/[^\w.-]/g, "_")}.jsonl`);
      writeFileSync(file, text);
      bytes += statSync(file).size;
    }
    out.text(
      `${(bytes / 1e6).toFixed(1)} MB of sessions. Processors: ${cpus().length}; waiting for them when it began: ${loadavg()[0]?.toFixed(1)}.`,
    );
    const rows = [[], ["--cost"]].map((args) => {
      const { stderr } = spawnSync(
        process.execPath,
        [...process.execArgv, CHILD, folder, ...args],
        {
          encoding: "utf8",
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      const taken = JSON.parse(stderr.trim().split("\n").at(-1) ?? "{}") as Taken;
      const of = args.length === 0 ? "" : " with --cost";
      const note = `${taken.cpuMs} ms of processor time`;
      out.judge("measure time", taken.ms, { of, note });
      out.judge("measure memory", taken.peakMb, { of });
      return [`measure${of}`, `${taken.ms} ms`, `${taken.cpuMs} ms`, `${taken.peakMb} MB`];
    });
    out.table(["command", "whole run", "processor time", "most memory"], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  out.save();
}

interface Taken {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}
