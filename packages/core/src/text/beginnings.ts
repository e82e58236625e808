/**
 * A quick look for words in a text, before a pattern that tries each of them at each character.
 *
 * Three characters, with five bits of each, are a place in a table of bits. Capitals have the bits of small letters, and some signs
 * have those of letters: the look finds too much at times, and never too little.
 */

/** Characters of a word that are looked for. */
const LOOKED = 3;
const BITS = 5;
const SIZE = 1 << (LOOKED * BITS);

/**
 * Whether a text may hold one of these words, in capitals or not. Of a word only the first three characters count. A text with a
 * character beyond ASCII may hold any.
 *
 * @param words may go on as patterns behind their first three characters: letters or spaces, or a character beyond ASCII in front
 * @throws TypeError for a word that begins with anything else
 */
export function beginningsOf(words: readonly string[]): (text: string) => boolean {
  const known = new Uint8Array(SIZE);
  for (const word of words) {
    if (word.charCodeAt(0) > 127) continue;
    if (!/^[A-Za-z ]{3}/.test(word)) throw new TypeError(`No three letters in front: ${word}`);
    let place = 0;
    for (let at = 0; at < LOOKED; at++) place = next(place, word.charCodeAt(at));
    known[place] = 1;
  }
  return (text) => {
    let place = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) return true;
      place = next(place, code);
      if (known[place] === 1) return true;
    }
    return false;
  };
}

function next(place: number, code: number): number {
  return ((place << BITS) | (code & 31)) & (SIZE - 1);
}
