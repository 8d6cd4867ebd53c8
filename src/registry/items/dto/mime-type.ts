const TOKEN = "[A-Za-z0-9!#$&^_.+'-]{1,64}";

/** A type and subtype, with parameters such as `charset=utf-8`; 255 characters are checked apart. */
export const MIME_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}(; ?${TOKEN}=(${TOKEN}|"[^"\\\\\\p{Control}]{0,64}")){0,4}$`,
  'u',
);
