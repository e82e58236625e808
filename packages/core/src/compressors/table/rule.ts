/** `---- ------`, `====`, `+---+---+`, `├───┼───┤`: a line that only draws. */
export function isRule(line: string): boolean {
  let run = 0;
  let longest = 0;
  let before = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (!isDrawn(code)) return false;
    run = code === before && code !== 32 ? run + 1 : 1;
    before = code;
    if (code !== 32) longest = Math.max(longest, run);
  }
  return longest > 1;
}

/** `-`, `=`, `+`, `|`, `:`, a space, or a box drawing. */
function isDrawn(code: number): boolean {
  return (
    code === 32 ||
    code === 45 ||
    code === 61 ||
    code === 43 ||
    code === 124 ||
    code === 58 ||
    (code >= 0x2500 && code < 0x2580)
  );
}
