/** Harm done to an SQLite file from outside, by what its file format says, and a file made large. */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const PAGE_TYPES = [2, 5, 10, 13];
const INDEX_LEAF = 10;

/** Spoils the headers of all b-tree pages but the first, as a bad disk would. @returns how many */
export function spoilPages(path: string): number {
  const checkpoint = new DatabaseSync(path);
  checkpoint.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  checkpoint.close();
  const bytes = readFileSync(path);
  const pageSize = pageSizeOf(bytes);
  const file = openSync(path, "r+");
  let spoiled = 0;
  try {
    for (let page = pageSize; page < bytes.byteLength; page += pageSize) {
      if (!PAGE_TYPES.includes(bytes.readUInt8(page))) continue;
      writeSync(file, Uint8Array.of(0xee), 0, 1, page);
      spoiled++;
    }
  } finally {
    closeSync(file);
  }
  return spoiled;
}

/** Flips bits, named by their number in the file. @returns how many differ afterwards */
export function flipBits(path: string, bits: readonly number[]): number {
  const before = readFileSync(path);
  const after = Buffer.from(before);
  for (const bit of bits) {
    const at = Math.floor(bit / 8);
    if (at < after.byteLength) after.writeUInt8(after.readUInt8(at) ^ (1 << (bit % 8)), at);
  }
  const file = openSync(path, "r+");
  try {
    writeSync(file, after, 0, after.byteLength, 0);
  } finally {
    closeSync(file);
  }
  return bits.filter((bit) => {
    const at = Math.floor(bit / 8);
    return at < before.byteLength && before.readUInt8(at) !== after.readUInt8(at);
  }).length;
}

/** The lowest bit of each entry of each index: an index entry ends with the number of the row it names. */
export function indexEntryBits(bytes: Buffer): readonly number[] {
  const pageSize = pageSizeOf(bytes);
  const bits: number[] = [];
  for (let page = pageSize; page + pageSize <= bytes.byteLength; page += pageSize) {
    if (bytes.readUInt8(page) !== INDEX_LEAF) continue;
    const cells = bytes.readUInt16BE(page + 3);
    for (let cell = 0; cell < cells; cell++) {
      const at = page + bytes.readUInt16BE(page + 8 + 2 * cell);
      const length = bytes.readUInt8(at);
      // A longer entry has a length of several bytes, and is none of these.
      if (length < 128) bits.push((at + length) * 8);
    }
  }
  return bits;
}

function pageSizeOf(bytes: Buffer): number {
  const size = bytes.readUInt16BE(16);
  return size === 1 ? 65_536 : size;
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  return columns.map(({ name }) => String(name));
}

/** The table that keeps originals: the one with a column `ref`. */
export function tableOfRefs(database: DatabaseSync): string {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = tables.map(({ name }) => String(name));
  const table = names.find((name) => columnsOf(database, name).includes("ref"));
  if (table === undefined) throw new Error("No table of the file has a column ref.");
  return table;
}

function uniqueColumns(database: DatabaseSync, table: string): ReadonlySet<string> {
  const names = database
    .prepare(
      `SELECT info.name FROM pragma_index_list('${table}') AS list, pragma_index_info(list.name) AS info WHERE list."unique" = 1`,
    )
    .all();
  return new Set(names.map(({ name }) => String(name)));
}

/** An SQL value of the column's own type that differs for each `n`. */
function numbered(column: string): string {
  return `CASE typeof(${column}) WHEN 'integer' THEN n WHEN 'blob' THEN CAST(printf('k%031d', n) AS BLOB) ELSE printf('k%031d', n) END`;
}

/** Copies one row of the table that has refs until there are so many. @returns rows there are then */
export function growTo(path: string, rows: number): number {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = OFF");
    const table = tableOfRefs(database);
    const columns = columnsOf(database, table).filter((name) => name !== "id");
    // What has to be unique gets the number of the row, in the type it has; the rest is copied.
    const unique = uniqueColumns(database, table);
    const values = columns.map((name) =>
      name === "ref" ? "printf('r%021d', n)" : unique.has(name) ? numbered(name) : name,
    );
    const count = (): number =>
      Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows ?? 0);
    const missing = rows - count();
    if (missing > 0)
      database.exec(`
        WITH RECURSIVE numbers(n) AS (SELECT ${rows} UNION ALL SELECT n + 1 FROM numbers LIMIT ${missing})
        INSERT INTO ${table} (${columns.join(", ")})
        SELECT ${values.join(", ")}
        FROM numbers, (SELECT * FROM ${table} LIMIT 1)`);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return count();
  } finally {
    database.close();
  }
}
