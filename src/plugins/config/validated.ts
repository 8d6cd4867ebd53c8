import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { PluginConfigError } from '../plugin-definition.js';

const STRICT = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false } as const;
const MOST_FAULTS = 100;

/**
 * An object of the configuration as its class wants it.
 * @param at where it stands: `plugins[2] (PIIFilterPlugin).config`
 * @throws PluginConfigError with one line for each fault
 */
export function validated<T extends object>(type: new () => T, given: unknown, at: string): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new PluginConfigError([`${at || 'the file'} must be an object`]);
  const instance = plainToInstance(type, given);
  const faults = validateSync(instance, STRICT).flatMap((error) => linesOf(error, at));
  if (faults.length > 0) throw new PluginConfigError(faults.slice(0, MOST_FAULTS));
  return instance;
}

function linesOf({ property, constraints = {}, children = [] }: ValidationError, at: string): string[] {
  const path = /^\d+$/.test(property) ? `${at}[${property}]` : at === '' ? property : `${at}.${property}`;
  const unknown = 'whitelistValidation' in constraints;
  const rules = Object.values(constraints).map((rule) =>
    rule.startsWith(`${property} `) ? rule.slice(property.length + 1) : rule,
  );
  const own = unknown ? [`${path} is no key that is known here`] : rules.slice(-1).map((rule) => `${path} ${rule}`);
  return [...own, ...children.flatMap((child) => linesOf(child, path))];
}
