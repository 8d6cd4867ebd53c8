import { type LetterSet, setOf } from './letter-set.js';
import { SHORTHANDS, type Template } from './templates.rules.js';
import { letterOf } from './vocabulary.js';
import type { WordClass } from './words.rules.js';

/** A template as a regular expression over the letters of a row of words. */
export interface CompiledTemplate extends Template {
  readonly pattern: RegExp;
  /** Of each of these one letter must be in the row, or the pattern cannot match. */
  readonly needs: readonly LetterSet[];
}

const lettersOf = (names: readonly string[]): number[] =>
  names.flatMap((name) => SHORTHANDS[name] ?? [name as WordClass]).map(letterOf);
const oneOf = (...names: string[]): string => `[${String.fromCharCode(...lettersOf(names))}]`;
const WHO = `(?:${oneOf('group')}|${oneOf('trait')}{1,2}${oneOf('people', 'life', 'group')})`;

function compileItem(item: string, needs: number[][]): string {
  const gap = /^(~{1,2})(\d+)$/.exec(item);
  if (gap) return `${gap[1] === '~' ? '[^.]' : '[^]'}{0,${gap[2]}}?`;
  if (item === '^') return '(?<=^|[."])';
  if (item === '.') return '\\.';
  const optional = item.endsWith('?');
  const names = item.replace('?', '').split('|');
  if (!optional) needs.push(lettersOf(item === 'WHO' ? ['group', 'trait'] : names));
  return `${item === 'WHO' ? WHO : oneOf(...names)}${optional ? '?' : ''}`;
}

export function compileTemplate(template: Template): CompiledTemplate {
  const needs: number[][] = [];
  const source = template.shape
    .split(' ')
    .map((item) => compileItem(item, needs))
    .join('');
  return { ...template, pattern: new RegExp(source, 'g'), needs: needs.map(setOf) };
}
