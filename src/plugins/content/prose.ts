import type { Content, ContentText } from '#libs/guardrails';

/** Members by whose values programs find their way. */
const MACHINE: ReadonlySet<string | number> = new Set([
  'type',
  'role',
  'uri',
  'mimeType',
  '_meta',
  'annotations',
  'icons',
]);
/** Below these everything is what a tool, a prompt or a resource says. */
const SAID: ReadonlySet<string | number> = new Set(['text', 'blob', 'structuredContent', 'message', 'data']);

/** Whether a text of a result is said to somebody, and no word of the protocol that a rewriting would break. */
export function isProse({ kind, path }: ContentText): boolean {
  if (kind !== 'value') return false;
  const decisive = path.find((step) => MACHINE.has(step) || SAID.has(step));
  return decisive === undefined || SAID.has(decisive);
}

/** The content with what is said in it rewritten; this very content where that changes nothing. */
export const rewriteProse = (content: Content, rewrite: (text: string) => string): Content =>
  content.map((text, at) => {
    const rewritten = rewrite(text);
    return rewritten === text || !isProse(at) ? text : rewritten;
  });
