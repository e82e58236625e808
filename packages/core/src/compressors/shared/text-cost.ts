/**
 * An estimate of tokens for choosing between forms, where asking the real tokenizer would take longer than everything else.
 */

/** Roughly the tokens of a cell: words, groups of three digits, runs of signs. */
export function cost(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const here =
      code >= 48 && code <= 57
        ? 1
        : (code | 32) >= 97 && (code | 32) <= 122
          ? 2
          : code === 32
            ? 3
            : 4;
    if (here !== kind || (here === 1 && run === 3) || (here === 2 && run === 8)) {
      if (here !== 3) tokens++;
      kind = here;
      run = 0;
    }
    run++;
  }
  return tokens;
}
