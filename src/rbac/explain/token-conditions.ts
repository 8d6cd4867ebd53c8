import type { Principal } from '#libs/policy';

/** What a token demands of every call beside a permission, a sentence each. */
export function tokenConditions({ restrictions, quota }: Principal): string[] {
  const { serverId, networks, timeRules } = restrictions;
  return [
    ...(serverId === undefined ? [] : [`Only on the virtual server ${serverId}.`]),
    ...(networks ? [`Only from ${networks.rules.map((rule) => rule.replace(/^Subnet: IPv\d /, '')).join(', ')}.`] : []),
    ...timeRules.map((rule) =>
      rule === 'business_hours_only' ? 'Only from 09:00 to 17:00 UTC.' : 'Only from Monday to Friday, UTC.',
    ),
    ...(quota ? ['Only as often as its usage limits allow.'] : []),
  ];
}
