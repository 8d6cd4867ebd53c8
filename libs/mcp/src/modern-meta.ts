import { isJsonObject, type JsonObject } from './json-rpc.js';
import { isLogLevel } from './log-level.js';
import { META_KEYS } from './meta-keys.js';
import { progressTokenFault } from './progress-token.js';

/** What a modern request's `_meta` lacks or has wrong: the field and the rule. */
export function modernMetaFault(meta: JsonObject): string | undefined {
  if (typeof meta[META_KEYS.protocolVersion] !== 'string') return rule(META_KEYS.protocolVersion, 'a string');
  if (!isJsonObject(meta[META_KEYS.clientCapabilities])) return rule(META_KEYS.clientCapabilities, 'an object');
  const info = meta[META_KEYS.clientInfo];
  if (info !== undefined && !isImplementation(info)) {
    return rule(META_KEYS.clientInfo, 'an object with a name and a version');
  }
  const level = meta[META_KEYS.logLevel];
  if (level !== undefined && !isLogLevel(level)) return rule(META_KEYS.logLevel, 'a log level');
  return progressTokenFault(meta);
}

function isImplementation(value: unknown): boolean {
  return isJsonObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}

function rule(key: string, expected: string): string {
  return `params._meta["${key}"] must be ${expected}`;
}
