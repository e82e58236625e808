/** A slice of a block that is compressed on its own. Slices cover the text without gaps or overlaps. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Splits mixed text into parts by offset. */
export function segment(text: string): readonly Segment[] {
  return [{ start: 0, end: text.length }];
}
