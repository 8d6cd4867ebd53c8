import { describe, expect, it } from 'vitest';
import {
  compileNetworks,
  compileRestrictions,
  restrictionRefusal,
  TIME_RULES,
  type TimeRule,
  type TokenUse,
  UNRESTRICTED,
  type WrittenRestrictions,
} from './token-restrictions.js';

const USE: TokenUse = { serverId: undefined, clientAddress: '203.0.113.7', now: new Date('2026-03-04T12:00:00Z') };
const NONE: WrittenRestrictions = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };
const from = (network: string, clientAddress: string) =>
  restrictionRefusal(compileRestrictions({ ...NONE, ipRestrictions: [network] }), { ...USE, clientAddress });
const at = (rule: TimeRule, instant: string) =>
  restrictionRefusal({ timeRules: [rule] }, { ...USE, now: new Date(instant) });

describe(compileRestrictions.name, () => {
  it('restricts nothing when nothing is written', () => {
    expect(compileRestrictions(NONE)).toEqual(UNRESTRICTED);
  });

  it('keeps a cap that matches nothing', () => {
    expect(compileRestrictions({ ...NONE, permissions: ['nonsense'] }).permissions).toEqual(new Set());
  });

  it.each(['weekends_only', 'Business_hours_only', 'constructor', '', 'business_hours_only '])(
    'refuses the time rule "%s" instead of forgetting it',
    (rule) => {
      expect(() => compileRestrictions({ ...NONE, timeRules: ['weekdays_only', rule] })).toThrow(RangeError);
    },
  );

  it('refuses a network it can not read', () => {
    expect(() => compileRestrictions({ ...NONE, ipRestrictions: ['10.0.0.0/8', 'home'] })).toThrow('"home"');
  });

  it('does not change what is written', () => {
    const written = Object.freeze({ ...NONE, timeRules: Object.freeze(['weekdays_only']) });
    expect(compileRestrictions(written).timeRules).toEqual(['weekdays_only']);
  });
});

describe(restrictionRefusal.name, () => {
  it('lets an unrestricted token be used anywhere, also by a caller of unknown address', () => {
    expect(restrictionRefusal(UNRESTRICTED, { ...USE, clientAddress: '' })).toBeUndefined();
  });

  it.each([
    ['a', 'a', undefined],
    ['a', 'b', 'token_server_scope'],
    ['a', 'A', 'token_server_scope'],
    ['a', undefined, 'token_server_scope'],
    ['', undefined, 'token_server_scope'],
  ])('holds a token of server "%s" at %s: %s', (scope, serverId, refusal) => {
    expect(restrictionRefusal({ serverId: scope, timeRules: [] }, { ...USE, serverId })).toBe(refusal);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255'],
    ['10.0.0.7/8', '10.0.0.1'],
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7/32', '::ffff:203.0.113.7'],
    ['::ffff:203.0.113.0/120', '203.0.113.7'],
    ['0.0.0.0/0', '203.0.113.7'],
    ['2001:db8::/32', '2001:DB8::1'],
    ['2001:db8::1', '2001:0db8:0:0:0:0:0:1'],
  ])('admits in %s the address %s', (network, address) => {
    expect(from(network, address)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0/8', '11.0.0.0'],
    ['10.0.0.0/8', '9.255.255.255'],
    ['203.0.113.7', '203.0.113.8'],
    ['203.0.113.7', '::ffff:203.0.113.8'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['2001:db8::/32', '2001:db9::1'],
    ['127.0.0.1', '::1'],
    ['::1', '127.0.0.1'],
    ['10.0.0.0/8', ''],
    ['10.0.0.0/8', 'localhost'],
    ['10.0.0.0/8', '10.0.0.1, 203.0.113.7'],
  ])('refuses in %s the address "%s"', (network, address) => {
    expect(from(network, address)).toBe('token_address_scope');
  });

  it.each([
    ['business_hours_only', '2026-03-04T08:59:59.999Z', 'token_time_scope'],
    ['business_hours_only', '2026-03-04T09:00:00.000Z', undefined],
    ['business_hours_only', '2026-03-04T16:59:59.999Z', undefined],
    ['business_hours_only', '2026-03-04T17:00:00.000Z', 'token_time_scope'],
    ['business_hours_only', '2026-03-04T10:00:00+02:00', 'token_time_scope'],
    ['business_hours_only', '2026-03-07T12:00:00Z', undefined],
    ['weekdays_only', '2026-03-01T23:59:59.999Z', 'token_time_scope'],
    ['weekdays_only', '2026-03-02T00:00:00.000Z', undefined],
    ['weekdays_only', '2026-03-06T23:59:59.999Z', undefined],
    ['weekdays_only', '2026-03-07T00:00:00.000Z', 'token_time_scope'],
    ['weekdays_only', 'no date', 'token_time_scope'],
    ['business_hours_only', 'no date', 'token_time_scope'],
  ] as const)('%s at %s: %s', (rule, instant, refusal) => {
    expect(at(rule, instant)).toBe(refusal);
  });

  it('asks for all rules together', () => {
    const both = { timeRules: TIME_RULES };
    expect(restrictionRefusal(both, { ...USE, now: new Date('2026-03-07T12:00:00Z') })).toBe('token_time_scope');
    expect(restrictionRefusal(both, { ...USE, now: new Date('2026-03-06T18:00:00Z') })).toBe('token_time_scope');
    expect(restrictionRefusal(both, USE)).toBeUndefined();
  });

  it('holds under no rule it does not know', () => {
    expect(restrictionRefusal({ timeRules: ['never' as TimeRule] }, USE)).toBe('token_time_scope');
  });
});

describe(compileNetworks.name, () => {
  it.each(
    [
      ['', ' ', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/08x', '10.0.0/8', '010.0.0.1'],
      [
        '::/129',
        '::1%eth0',
        'fe80::1%eth0/64',
        'localhost',
        '10.0.0.1 ',
        '10.0.0.1,10.0.0.2',
        '10.0.0.*',
        '0x7f000001',
      ],
    ].flat(),
  )('refuses "%s" by name', (entry) => {
    expect(() => compileNetworks(['10.0.0.0/8', entry])).toThrow(`"${entry}" is not an IP address or CIDR block`);
  });

  it('takes the widest and the narrowest prefixes', () => {
    expect(() => compileNetworks(['0.0.0.0/0', '::/0', '10.0.0.1/32', '::1/128'])).not.toThrow();
  });
});
