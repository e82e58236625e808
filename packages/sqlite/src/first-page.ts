/**
 * The first page of a file says what all the others are: without it SQLite reads nothing. In files of this store it is
 * always the same but for a few numbers, so that a damaged one can be replaced by that of a new file. Rows are proven one
 * by one afterwards; a page that does not fit costs nothing.
 */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "./connect.ts";
import { createTables } from "./schema.ts";

/** Ends the name of a file with the page that was replaced. */
export const FIRST_PAGE = ".first-page";
const PAGE_BYTES = 4_096;
/** Where the header keeps how many pages there are. The list of free ones follows; that of a new file is empty. */
const PAGES_AT = 28;

/** Whether this can be a file of the store at all: one of something else is not written to. */
export function hasWholePages(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size > PAGE_BYTES && size % PAGE_BYTES === 0;
}

/** Puts a new first page in place of the one of a file that was set aside; the old one is kept as `….first-page`. */
export function replaceFirstPage(path: string): void {
  const page = newFirstPage();
  page.writeUInt32BE(statSync(path).size / PAGE_BYTES, PAGES_AT);
  const old = Buffer.alloc(PAGE_BYTES);
  const file = openSync(path, "r+");
  try {
    readSync(file, old, 0, PAGE_BYTES, 0);
    writeFileSync(path + FIRST_PAGE, old, { mode: 0o600, flag: "wx" });
    writeSync(file, page, 0, PAGE_BYTES, 0);
  } finally {
    closeSync(file);
  }
}

function newFirstPage(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "headroom-sqlite-"));
  try {
    const path = join(folder, "new.db");
    connect(path, {}, (db) => {
      createTables(db);
      db.close();
    });
    return readFileSync(path).subarray(0, PAGE_BYTES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
