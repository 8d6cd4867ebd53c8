import type { Content, ContentText, LocatedFinding } from '#libs/guardrails';
import type { ModerationAction } from './content-moderation.settings.js';

/**
 * Where the texts stand that are changed. What several items of a list say together is only changed where none of them
 * says it alone.
 */
export function findingsOf(
  content: Content,
  actions: ReadonlyMap<string, ModerationAction>,
): readonly LocatedFinding[] {
  const written = new Set(content.texts().map(({ text }) => text));
  const found = content.find({
    find: (text) => {
      const action = actions.get(text);
      if (action !== 'redact' && action !== 'transform') return [];
      // Of findings at one place the surest stays.
      return [{ type: action, start: 0, end: text.length, score: written.has(text) ? 1 : 0.5, rule: action }];
    },
  });
  const alone = new Set(found.filter(({ split }) => !split).map(({ text }) => listOf(text)));
  return found.filter(({ split, text }) => !split || !alone.has(listOf(text)));
}

/** The path of the list in which a text stands. */
const listOf = ({ path }: ContentText): string =>
  JSON.stringify(
    path.slice(
      0,
      path.findLastIndex((step) => typeof step === 'number'),
    ),
  );
