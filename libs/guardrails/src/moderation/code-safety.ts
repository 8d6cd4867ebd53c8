import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { CODE_RULES, type CodeRule, FORK_BOMB } from './code-safety.rules.js';

const MOST_FINDINGS = 64;

const HASH_BASE = 31;
/** Letters in lower case, digits and `_`; 0 for what stands between words. */
const WORD = Uint8Array.from({ length: 128 }, (_, unit) => {
  const sign = String.fromCharCode(unit).toLowerCase();
  return /\w/.test(sign) ? sign.charCodeAt(0) : 0;
});

/** Which rules a word calls for, by the hash of the word: a table a word in a text is looked up in by two reads. */
const SLOTS = 4096;
const RULES_BY_SLOT = new Map<number, CodeRule[]>();
const IN_USE = new Uint8Array(SLOTS);
for (const rule of CODE_RULES) {
  for (const anchor of rule.anchors) {
    let hash = 0;
    for (let i = 0; i < anchor.length; i++) hash = (Math.imul(hash, HASH_BASE) + anchor.charCodeAt(i)) | 0;
    IN_USE[hash & (SLOTS - 1)] = 1;
    RULES_BY_SLOT.set(hash, [...(RULES_BY_SLOT.get(hash) ?? []), rule]);
  }
}

/** The rules one of whose words is in the text, in their order. */
function rulesFor(text: string): Iterable<CodeRule> {
  const called = new Set<CodeRule>();
  let hash = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0;
    const code = unit < 128 ? WORD[unit]! : 0;
    if (code !== 0) hash = (Math.imul(hash, HASH_BASE) + code) | 0;
    else if (hash !== 0) {
      if (IN_USE[hash & (SLOTS - 1)] === 1) for (const rule of RULES_BY_SLOT.get(hash) ?? []) called.add(rule);
      hash = 0;
    }
  }
  return called;
}

/**
 * Finds code and commands that do harm when they are run: a command given to a shell, a tree deleted, a script run from
 * the network, objects loaded that can run code, reverse shells. It reads text, not programs: what is put together at
 * run time escapes it, and a text that only speaks of `rm -rf` is found.
 */
export class CodeSafetyDetector implements Detector {
  find(text: string): readonly Finding[] {
    const findings: Finding[] = [];
    for (const rule of rulesFor(text)) matches(rule, text, findings);
    if (text.includes('()')) matches(FORK_BOMB, text, findings);
    return findings;
  }
}

function matches({ pattern, rule, score }: CodeRule, text: string, findings: Finding[]): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match && findings.length < MOST_FINDINGS; match = pattern.exec(text)) {
    findings.push({ type: 'code', rule, score, start: match.index, end: pattern.lastIndex });
  }
  pattern.lastIndex = 0;
}
