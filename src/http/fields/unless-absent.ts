import { ValidateIf } from 'class-validator';

/** A field that may be left out, but not be null: null could be read as "none". */
export const unlessAbsent = ValidateIf((_, value) => value !== undefined);
