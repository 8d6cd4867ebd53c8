import { type Filter, parse } from 'scim2-parse-filter';
import { ScimFault } from '../scim-fault.js';

const LONGEST = 1024;
const MOST_TERMS = 50;
const DEEPEST = 10;

/**
 * Reads a filter (RFC 7644 section 3.4.2.2) of at most 1,024 characters, 50 terms and 10 levels.
 * @throws ScimFault `invalidFilter`
 */
export function readFilter(text: string): Filter {
  // Line breaks have no place in a filter, and would cost the parser exponential time in an open string.
  if (text.length > LONGEST || /\p{Cc}/u.test(text)) throw fault(`must be one line of at most ${LONGEST} characters`);
  const filter = parsed(text);
  if (termsOf(filter, DEEPEST) > MOST_TERMS) throw fault(`must have at most ${MOST_TERMS} terms and ${DEEPEST} levels`);
  return filter;
}

function parsed(text: string): Filter {
  try {
    return parse(text);
  } catch {
    // What the parser says repeats the filter, and its own insides.
    throw fault('is not a SCIM filter');
  }
}

function termsOf(filter: Filter, levels: number): number {
  if (levels === 0) return Infinity;
  if ('filters' in filter) return filter.filters.reduce((sum, each) => sum + termsOf(each, levels - 1), 1);
  if ('filter' in filter) return 1 + termsOf(filter.filter, levels - 1);
  return 'valFilter' in filter ? 1 + termsOf(filter.valFilter, levels - 1) : 1;
}

const fault = (rule: string): ScimFault => new ScimFault('invalidFilter', `filter ${rule}`);
