export function encodeLog(_text: string): string | undefined {
  return undefined;
}
export function decodeLog(_text: string): string | undefined {
  return undefined;
}
