import { compilePattern, evilPattern, type Pattern, PatternError, type PatternFlag, TimeShare } from '#libs/guardrails';
import { PluginConfigError } from '../plugin-definition.js';

/** Whoever binds plugins to the tools of a team chooses the patterns, and some take seconds to judge. */
const JUDGING = new TimeShare(10_000, 0.1);

/**
 * A regular expression of a plugin's configuration, compiled for an engine that does not go back.
 * @param at the key it stands at: `words[2].search`
 * @throws PluginConfigError also for one that would hang other engines: it was hardly meant so,
 * as long as there is time to find out
 */
export function configuredPattern(source: string, at: string, flags: readonly PatternFlag[] = []): Pattern {
  const fault = JUDGING.take(() => evilPattern(source, flags.join('')));
  if (fault !== undefined) throw new PluginConfigError([`${at}: ${fault}`]);
  try {
    return compilePattern(source, flags);
  } catch (error) {
    if (error instanceof PatternError) throw new PluginConfigError([`${at}: ${error.message}`]);
    throw error;
  }
}

/** All of a list, or every fault in it. */
export function configuredList<T, R>(list: readonly T[], make: (item: T, index: number) => R): R[] {
  const faults: string[] = [];
  const made = list.flatMap((item, index) => {
    try {
      return [make(item, index)];
    } catch (error) {
      if (!(error instanceof PluginConfigError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  if (faults.length > 0) throw new PluginConfigError(faults);
  return made;
}
