import type { SettingKey } from "../proxy/settings.ts";

/** Settings that `headroom wrap` has no use for: one child on this machine uses its proxy, so there is nobody to let in. */
export const NOT_FOR_WRAP: readonly SettingKey[] = [
  "host",
  "token",
  "allowedHosts",
  "allowedOrigins",
  "drainMs",
  "log",
];
