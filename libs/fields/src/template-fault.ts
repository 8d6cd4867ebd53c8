import { hiddenTextFault } from './hidden-text-fault.js';
import { markupFault } from './markup-fault.js';

const PLACEHOLDER = /\{\{\{?([^{}]*)\}\}/g;
/** A name, alone or as the head, the foot or the inverse of a section. */
const NAME = /^[#^/&]?\s{0,20}(?:[A-Za-z_][\w-]{0,127}|\.)\s{0,20}$/;
/** Object members that lead out of the arguments of a template. */
const INNER = /__/;

/**
 * Why a text can't be the template of a prompt; completes "it …". Between double braces stands a name and nothing else: no
 * path, call, index, operator or filter. `${…}`, `{%…%}` and the like mean nothing to the engine and are plain text.
 */
export function templateFault(text: string): string | undefined {
  const fault = hiddenTextFault(text) ?? markupFault(text);
  if (fault !== undefined) return fault;
  for (const [, inner = ''] of text.matchAll(PLACEHOLDER))
    if (!NAME.test(inner) || INNER.test(inner)) return 'has double braces around something else than a plain name';
  return undefined;
}
