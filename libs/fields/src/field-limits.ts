/** How much of what a field may be. Lengths are in characters, as JavaScript counts them. */
export interface FieldLimits {
  /** Of names, and of other text of one line. */
  readonly nameLength: number;
  readonly descriptionLength: number;
  readonly templateLength: number;
  readonly contentLength: number;
  /** Of URLs, URIs and URI templates. */
  readonly urlLength: number;
  readonly methodLength: number;
  /** Without the colon. */
  readonly urlSchemes: readonly string[];
  /** Whole, or with `*` for any characters. */
  readonly mimeTypes: readonly string[];
  /** Levels of nesting of a JSON value. */
  readonly jsonDepth: number;
}

/** The limits where nobody has set others. */
export const STANDARD_LIMITS: FieldLimits = {
  nameLength: 255,
  descriptionLength: 8192,
  templateLength: 65_536,
  contentLength: 1_048_576,
  urlLength: 2048,
  methodLength: 128,
  urlSchemes: ['http', 'https'],
  mimeTypes: ['application', 'audio', 'font', 'image', 'message', 'model', 'multipart', 'text', 'video'].map(
    (top) => `${top}/*`,
  ),
  jsonDepth: 30,
};
