import type { TransformFnParams } from 'class-transformer';

/** A flag of a query: `true`, `1`, `false` or `0`; anything else is left for the validation to refuse. */
export function toBoolean({ value }: TransformFnParams): unknown {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}
