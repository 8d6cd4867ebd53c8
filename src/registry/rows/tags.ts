import { FieldRules } from '#libs/fields';

/** Read at most; the rest is dropped like an invalid one. */
export const MOST_TAGS = 50;

/**
 * Tags as they are stored: trimmed, lower-case, hyphens for spaces and underscores, 2–50 characters, each once. Invalid ones
 * are dropped, as the contract has it. A tag may be given as text or as it is shown: `{id, label}`.
 */
export function normaliseTags(values: readonly unknown[]): string[] {
  const texts = values.slice(0, 10 * MOST_TAGS).map(textOf);
  const tags = texts.map((text) =>
    text
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-'),
  );
  return [...new Set(tags.filter((tag) => FieldRules.STANDARD.fault('tag', tag) === undefined))].slice(0, MOST_TAGS);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 1000);
  if (typeof value !== 'object' || value === null) return '';
  const label = 'label' in value ? value.label : 'id' in value ? value.id : undefined;
  return typeof label === 'string' ? label.slice(0, 1000) : '';
}
