import type { TransformFnParams } from 'class-transformer';

/** Text of a body without the blanks around it. */
export const trimmed = ({ value }: TransformFnParams): unknown => (typeof value === 'string' ? value.trim() : value);
