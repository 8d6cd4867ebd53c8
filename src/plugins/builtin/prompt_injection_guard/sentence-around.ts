import type { LocatedFinding } from '#libs/guardrails';

/** UTF-16 units on either side. */
const FARTHEST = 500;

/** Whether a sentence or a line ends with the character before the offset. */
const ends = (text: string, at: number): boolean =>
  text.charAt(at - 1) === '\n' || (/[.!?]/.test(text.charAt(at - 1)) && /^\s?$/.test(text.charAt(at)));

/** The finding over the whole sentence or line: what an order is about stands beside its verb. */
export function sentenceAround(finding: LocatedFinding): LocatedFinding {
  const { text } = finding.text;
  // Encoded text has no sentences: the span is all that was encoded.
  if (finding.encoding.length > 0) return finding;
  let { start, end } = finding;
  const [first, last] = [Math.max(0, start - FARTHEST), Math.min(text.length, end + FARTHEST)];
  while (start > first && !ends(text, start)) start--;
  while (start < finding.start && /\s/.test(text.charAt(start))) start++;
  while (end < last && !ends(text, end)) end++;
  while (end > finding.end && text.charAt(end - 1) === '\n') end--;
  return { ...finding, start, end };
}
