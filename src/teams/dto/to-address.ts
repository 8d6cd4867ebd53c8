import type { TransformFnParams } from 'class-transformer';

/** An e-mail address as accounts have it: lower-case, without blanks around it. */
export const toAddress = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.trim().toLowerCase() : value;
