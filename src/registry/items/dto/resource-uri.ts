import { ValidateBy } from 'class-validator';

const SAFE = /^[a-z][a-z0-9+.-]*:[\w.~:/?=&%@+,;#-]+$/i;
/** Schemes that a reader might run. */
const ACTIVE = /^(javascript|vbscript|data):/i;
const ESCAPE = /%(?![0-9a-f]{2})/i;
const CONTROL = /%(?:[01][0-9a-f]|7f)/i;

/** Why a text can't be the URI of a resource that is kept here; completes "uri …". */
export function resourceUriFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be text';
  if (value.length > 2048) return 'must be at most 2048 characters long';
  if (!SAFE.test(value))
    return 'must begin with a scheme, such as notes:// or https://, and hold only letters, digits and - _ . ~ : / ? = & % @ + , ; #';
  if (ACTIVE.test(value)) return 'must not be of the scheme javascript, vbscript or data';
  if (ESCAPE.test(value)) return 'must have two hex digits after each %';
  if (CONTROL.test(value)) return 'must hold no control characters';
  return value.replaceAll(/%2e/gi, '.').includes('..') ? 'must not hold ..' : undefined;
}

export const IsResourceUri = (): PropertyDecorator =>
  ValidateBy({
    name: 'isResourceUri',
    validator: {
      validate: (value: unknown) => resourceUriFault(value) === undefined,
      defaultMessage: (args) => `uri ${resourceUriFault(args?.value) ?? 'is refused'}`,
    },
  });
