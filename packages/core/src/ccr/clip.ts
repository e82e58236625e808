/** Cuts names and words that come from content to a length, so that an answer about a text is never as long as the text. */

/** The longest name of a place (`data.items[3]`) an answer prints, in characters. */
export const MAX_PLACE = 100;

/** A text cut to `length` characters, the last of them `…` where something is missing. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${head(text, length - 1)}…`;
}

/** A place cut in its middle: where it begins and what is asked for stay. */
export function clipPlace(place: string): string {
  if (place.length <= MAX_PLACE) return place;
  const half = Math.floor((MAX_PLACE - 1) / 2);
  const from = place.length - half;
  const splits = (place.charCodeAt(from) & 0xfc00) === 0xdc00;
  return `${head(place, half)}…${place.slice(splits ? from + 1 : from)}`;
}

/** A value as it can stand in a sentence. */
export function quoted(value: string): string {
  return JSON.stringify(clip(value, 80));
}

function head(text: string, length: number): string {
  const splits = (text.charCodeAt(length) & 0xfc00) === 0xdc00;
  return text.slice(0, splits ? length - 1 : length);
}
