import { parseUrl } from '#libs/egress';
import { flag, list, optional, secret, type Setting, text } from '../../config/setting.js';
import type { Secret } from '../../config/secret.js';
import { domainFault } from './domain-fault.js';
import { isIssuerUrl } from './issuer-url.js';
import { isRoleMappings, isTeamMappings, MOST_MAPPINGS } from './sound-mappings.js';

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;

/** What every provider of the settings has. @param env such as OKTA */
export const clientSettings = (env: string, name: string) => ({
  enabled: flag(`SSO_${env}_ENABLED`, false, `People may sign in with ${name}.`),
  clientId: optional(`SSO_${env}_CLIENT_ID`, `The id that ${name} gave to the gateway.`, {
    pattern: PRINTABLE,
    rule: 'must be at most 255 printable characters',
  }),
  clientSecret: secret(`SSO_${env}_CLIENT_SECRET`, `The secret that ${name} gave to the gateway; kept sealed.`),
});

/** What groups grant, and whose addresses are believed. */
export const mappingSettings = (env: string, groupsClaim = 'groups') => ({
  groupsClaim: text(`SSO_${env}_GROUPS_CLAIM`, groupsClaim, 'The claim with the groups.', { pattern: PRINTABLE }),
  adminGroups: list(`SSO_${env}_ADMIN_GROUPS`, [], 'Groups whose members administer everything.'),
  roleMappings: json(`SSO_${env}_ROLE_MAPPINGS`, 'JSON: the name of a role by group.', isRoleMappings, {}),
  defaultRole: optional(`SSO_${env}_DEFAULT_ROLE`, 'The name of a role for those whose groups give none.'),
  teamMapping: json(
    `SSO_${env}_TEAM_MAPPING`,
    'JSON: by group, `{"team_id": …, "role": "member" or "owner"}`.',
    isTeamMappings,
    {},
  ),
});

/** For providers that do not say which addresses they verified. */
export const verifiedDomains = (env: string): Setting<readonly string[]> =>
  list(
    `SSO_${env}_VERIFIED_DOMAINS`,
    [],
    'Domains of your own, whose addresses count as verified where the provider says nothing about that. Everybody else is refused.',
    domainFault,
  );

export const issuerUrl = (env: string, doc: string): Setting<string | undefined> =>
  optional(env, doc, { check: isIssuerUrl, rule: 'must be an https URL without query, fragment and user' });

export const endpointUrl = (env: string, doc: string): Setting<string | undefined> =>
  optional(env, doc, { check: (value) => parseUrl(value) !== undefined, rule: 'must be a URL' });

/** Which settings are missing of a provider that is switched on. */
export function missing(
  env: string,
  values: {
    readonly enabled: boolean;
    readonly clientId: string | undefined;
    readonly clientSecret: Secret | undefined;
  },
  more: Readonly<Record<string, unknown>> = {},
): string[] {
  if (!values.enabled) return [];
  const needed = {
    [`SSO_${env}_CLIENT_ID`]: values.clientId,
    [`SSO_${env}_CLIENT_SECRET`]: values.clientSecret,
    ...more,
  };
  return Object.entries(needed).flatMap(([name, value]) =>
    value === undefined ? [`${name} is needed with SSO_${env}_ENABLED`] : [],
  );
}

function json<T>(env: string, doc: string, sound: (value: unknown) => value is T, none: T): Setting<T> {
  const read = (value: string): T => {
    const parsed: unknown = parsedJson(value);
    if (!sound(parsed))
      throw new Error(`must be a JSON object of at most ${MOST_MAPPINGS} groups, as the guide shows it`);
    return parsed;
  };
  return { ...text(env, '', doc), type: 'JSON', fallback: none, shown: '', read };
}

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
