/** The name in a `Host` header, without its port. Not as a URL parser reads it: 2130706433 is 127.0.0.1 to that. */
export function hostNameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, "").toLowerCase();
}
