export type { SqliteStoreOptions } from "./options.ts";
export { type SqliteLedgerOptions, sqliteLedger } from "./sqlite-ledger.ts";
export { sqliteStore } from "./sqlite-store.ts";
