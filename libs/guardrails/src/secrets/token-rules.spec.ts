import { describe, expect, it } from 'vitest';
import { PatternSampler } from '../../../../test/fixtures/pattern-sampler.js';
import { AI_RULES } from './ai.rules.js';
import { BLOCK_RULES } from './block.rules.js';
import { CLOUD_RULES } from './cloud.rules.js';
import { CREDENTIAL_RULES } from './credential.rules.js';
import { DEVELOPER_RULES } from './developer.rules.js';
import { SecretsDetector } from './secrets-detector.js';
import { SERVICE_RULES } from './service.rules.js';
import type { TokenRule } from './token-rule.js';

const RULES = [BLOCK_RULES, CLOUD_RULES, DEVELOPER_RULES, AI_RULES, SERVICE_RULES, CREDENTIAL_RULES].flat();

/** Whose texts no pattern makes: they hold what others made, or are longer than samples are. */
const NOT_SAMPLED = new Set([
  'composio_key ak_',
  'discord_token mda',
  'jwt_like eyj',
  'private_key_block ls0tls1crudjtibquklwqvrfietf',
  'jwk_private_key "d"',
  'authorization_header basic',
  'command_password net',
  'command_password netrc',
  'password_hash $krb5',
  'password_hash :aad3b435',
]);

/** Texts that have the form, and are taken for secrets. */
function samplesOf({ literals, pattern, score }: TokenRule): string[] {
  const sampler = new PatternSampler();
  return Array.from({ length: 400 }, () => sampler.sample(pattern.source)).filter((text) => {
    pattern.lastIndex = 0;
    const found = pattern.exec(text);
    const isSecret = found !== null && score(found.findLast((group) => group !== undefined) ?? text, found) > 0;
    return isSecret && literals.some((literal) => text.toLowerCase().includes(literal));
  });
}

describe('the rules of tokens', () => {
  const rules = RULES.map((rule) => [`${rule.type} ${rule.literals[0]?.toLowerCase()}`, rule] as const);

  it.each(rules.filter(([name]) => !NOT_SAMPLED.has(name)))('find %s', (_, rule) => {
    const found = samplesOf(rule).flatMap((text) => new SecretsDetector().find(`\n${text}`));
    expect(found.map(({ type }) => type)).toContain(rule.type);
  });
});
