/**
 * Writes a part of a text as UTF-8, lone surrogates as U+FFFD, as every encoder does. It is a loop because most parts are words, for
 * which a `TextEncoder` takes longer to be called than to do its work.
 *
 * @param into has three bytes for each unit
 * @returns how many bytes were written
 */
export function writeUtf8(text: string, start: number, end: number, into: Uint8Array): number {
  let at = 0;
  for (let index = start; index < end; index++) {
    let point = text.charCodeAt(index);
    if (point < 0x80) {
      into[at++] = point;
      continue;
    }
    if ((point & 0xf800) === 0xd800) {
      const next = index + 1 < end ? text.charCodeAt(index + 1) : 0;
      if (point < 0xdc00 && (next & 0xfc00) === 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10) + (next & 0x3ff);
        index++;
      } else point = 0xfffd;
    }
    if (point < 0x800) into[at++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) into[at++] = 0xe0 | (point >> 12);
      else {
        into[at++] = 0xf0 | (point >> 18);
        into[at++] = 0x80 | ((point >> 12) & 63);
      }
      into[at++] = 0x80 | ((point >> 6) & 63);
    }
    into[at++] = 0x80 | (point & 63);
  }
  return at;
}
