import type { Finding } from './finding.js';

/**
 * Disjoint findings in the order of the text. Findings that overlap become one over all they cover, so that nothing of
 * any of them is left; it is called what the longest of them is, or the surest of the longest.
 */
export function mergeFindings<Found extends Finding>(findings: readonly Found[]): Found[] {
  const merged: { span: Found; name: Found }[] = [];
  for (const finding of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (!last || finding.start >= last.span.end) merged.push({ span: finding, name: finding });
    else {
      if (outranks(finding, last.name)) last.name = finding;
      last.span = { ...last.span, end: Math.max(last.span.end, finding.end) };
    }
  }
  return merged.map(({ span, name }) => ({ ...name, start: span.start, end: span.end }));
}

function outranks(a: Finding, b: Finding): boolean {
  const longer = a.end - a.start - (b.end - b.start);
  return longer === 0 ? a.score > b.score : longer > 0;
}
