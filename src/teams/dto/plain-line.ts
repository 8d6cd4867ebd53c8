import { Matches } from 'class-validator';

/** One line of text for people: no control characters, and nothing that a page could take for markup. */
export const PlainLine = (field: string): PropertyDecorator =>
  Matches(/^[^\p{Cc}\p{Zl}\p{Zp}<>]*$/u, { message: `${field} must be one line without control characters, < and >` });
