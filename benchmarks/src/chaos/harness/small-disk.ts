/** A disk that is soon full: a tmpfs where that may be mounted, else a limit on the size of files. */
import { execFileSync } from "node:child_process";

export interface SmallDisk {
  readonly how: string;
  /** The writers have to be started through this where the limit is on the process. */
  readonly shell?: string;
  remove(): void;
}

export function smallDisk(folder: string, bytes: number): SmallDisk {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    // Node.js ignores SIGXFSZ, so that a write beyond the limit fails with EFBIG.
    const blocks = Math.floor(bytes / 4 / 1_024);
    return {
      how: `files of at most ${blocks} KiB`,
      shell: `ulimit -f ${blocks}; exec "$0" "$@"`,
      remove() {},
    };
  }
  return {
    how: `a tmpfs of ${bytes} bytes`,
    remove() {
      execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    },
  };
}
