import type { Egress } from './egress.js';
import { EgressError } from './egress-error.js';
import { parseUrl } from './parse-url.js';

/** Why a URL may not be called, as far as that shows without a look-up; undefined when it may. */
export function refusalOf(egress: Egress, text: string): string | undefined {
  const url = parseUrl(text);
  if (!url) return 'is no URL';
  try {
    egress.check(url);
    return undefined;
  } catch (error) {
    if (error instanceof EgressError) return error.message;
    throw error;
  }
}
