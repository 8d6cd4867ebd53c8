import type { Finding } from '../finding.js';

/**
 * Findings of one text in order, none overlapping another: what overlaps becomes one finding over all of it, of the
 * kind of the surest, or else the longest.
 */
export function disjoint<Found extends Finding>(findings: readonly Found[]): Found[] {
  if (findings.length < 2) return [...findings];
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Found[] = [];
  let best: Found | undefined;
  for (const finding of sorted) {
    const last = merged.at(-1);
    if (!last || !best || finding.start >= last.end) {
      merged.push((best = finding));
      continue;
    }
    best = strength(finding, best) > 0 ? finding : best;
    merged[merged.length - 1] = { ...best, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return merged;
}

function strength(a: Finding, b: Finding): number {
  return a.score - b.score || a.end - a.start - (b.end - b.start);
}
