/** XML as it stands in the text. */

/** An element as it stands in the text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Texts with more than white space, and elements. */
  readonly children: readonly (XmlElement | XmlText)[];
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface XmlText {
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
}
