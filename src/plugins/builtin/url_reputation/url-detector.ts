import type { Detector, Finding } from '#libs/guardrails';
import { hostOf } from './domain-set.js';
import { faultOf, type UrlFault, type UrlRules } from './url-judge.js';
import { unescaped } from './unescaped.js';

/** What a browser would take for a URL, also with the wrong slashes or none. */
const URLS = /(?:(?:https?|wss?|ftp):[\\/]*|\b[a-z][a-z0-9+.-]{1,30}:\/\/)[^\s<>"'`\\/][^\s<>"'`]{0,4000}/gi;
/** The host of a URL, which is judged with it. */
const AUTHORITIES = /(?:(?:https?|wss?|ftp):[\\/]*|\b[a-z][a-z0-9+.-]{1,30}:\/\/)[^\s<>"'`\\/?#]{1,4000}/gi;
/** A name without a scheme: long labels are no names. */
const NAMES = /(?<![\p{L}\p{N}-])[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:[.。．｡][\p{L}\p{N}-]{1,63}){1,20}/gu;
/** Is its own canonical spelling but for its case. */
const PLAIN = /^[a-z\d.-]+$/i;
/** What may stand behind a URL in a text, and can be a part of one. */
const PUNCTUATION = /[)\]}>,.;:!?*_|]+$/;
const CLOSING = /[)\]},;|*]/;
/** URLs within a URL that are looked at, and how deep. */
const MOST_WITHIN = 10;
const DEEPEST = 2;

/** Finds the URLs of a text that are refused, and names of refused domains. Types and rules are those of faults. */
export class UrlDetector implements Detector {
  /** @param fetched whether a text that is a URL, and nothing else, is to be fetched */
  constructor(
    private readonly rules: UrlRules,
    private readonly fetched: boolean,
  ) {}

  find(text: string): readonly Finding[] {
    return [...this.#urls(text), ...this.#names(text)];
  }

  #urls(text: string): Finding[] {
    if (!text.includes(':')) return [];
    const alone = this.fetched ? text.trim() : undefined;
    return Array.from(text.matchAll(URLS)).flatMap(({ 0: url, index }) => {
      const fault = this.#fault(url, url === alone, 0);
      return fault ? [found(fault, index, url)] : [];
    });
  }

  #fault(url: string, fetched: boolean, depth: number): UrlFault | undefined {
    const [first = url] = url.split(CLOSING, 1);
    for (const candidate of new Set([url, url.replace(PUNCTUATION, ''), first])) {
      const fault = faultOf(candidate, this.rules, fetched);
      // In a text, what can't be read leads nowhere.
      if (fault && fault.type !== 'malformed') return fault;
    }
    return depth < DEEPEST ? this.#faultWithin(url, depth) : undefined;
  }

  /** A redirect leads to what its address says. */
  #faultWithin(url: string, depth: number): UrlFault | undefined {
    const at = url.indexOf(':') + 1;
    const rest = unescaped(url.slice(at));
    let looked = 0;
    for (const { 0: inner } of rest.includes(':') ? rest.matchAll(URLS) : []) {
      if (++looked > MOST_WITHIN) return undefined;
      const fault = this.#fault(inner, false, depth + 1);
      if (fault) return fault;
    }
    return undefined;
  }

  #names(text: string): Finding[] {
    const { blockedDomains } = this.rules;
    if (blockedDomains.isEmpty) return [];
    const bare = text.includes(':') ? text.replaceAll(AUTHORITIES, ({ length }) => ' '.repeat(length)) : text;
    return Array.from(bare.matchAll(NAMES)).flatMap(({ 0: name, index }) => {
      const host = PLAIN.test(name) ? name.toLowerCase() : hostOf(name);
      const domain = host === undefined ? undefined : blockedDomains.find(host);
      if (domain === undefined || host === undefined || this.rules.allowedDomains.find(host) !== undefined) return [];
      return [found({ type: 'domain', rule: domain }, index, name)];
    });
  }
}

const found = (fault: UrlFault, start: number, { length }: string): Finding => ({
  ...fault,
  start,
  end: start + length,
  score: 1,
});
