/** What the programs compress: long enough to be shortened, with one row that stands out. */
export const rows = Array.from({ length: 400 }, (_, id) => ({
  id,
  service: "checkout",
  status: id === 251 ? "FATAL: connection refused" : "ok",
  region: "eu-west-1",
}));
export const json = JSON.stringify(rows);
