import { describe, expect, it } from 'vitest';
import { paramHeaderMismatch, paramHeadersFor, type ParamHeader } from './param-headers.js';

const declare = (name: string, type: ParamHeader['type'], ...path: string[]): ParamHeader => ({
  header: `Mcp-Param-${name}`,
  key: `mcp-param-${name.toLowerCase()}`,
  path,
  type,
});
const REGION = declare('Region', 'string', 'region');
const COUNT = declare('Count', 'integer', 'count');
const DRY = declare('Dry', 'boolean', 'dry');
const ZONE = declare('Zone', 'string', 'place', 'zone');
const ALL = [REGION, COUNT, DRY, ZONE];
const UMLAUT = `=?base64?${Buffer.from('größe').toString('base64')}?=`;

describe(paramHeaderMismatch.name, () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['nothing at all', {}, {}],
    ['no arguments', undefined, {}],
    ['arguments that are no object', [1], {}],
    ['null values', { region: null, count: null, place: null }, {}],
    ['a header for an absent value', {}, { 'mcp-param-region': 'eu' }],
    ['a header nobody declared', {}, { 'mcp-param-other': 'x' }],
    ['equal text', { region: 'eu' }, { 'mcp-param-region': ' eu ' }],
    ['encoded text', { region: 'größe' }, { 'mcp-param-region': UMLAUT }],
    ['an empty text', { region: '' }, { 'mcp-param-region': '' }],
    ['an integer', { count: 42 }, { 'mcp-param-count': '42' }],
    ['an integer with a fraction of zeros', { count: 42 }, { 'mcp-param-count': '42.0' }],
    ['a negative integer', { count: -7 }, { 'mcp-param-count': '-7' }],
    ['an integer with zeros in front', { count: 7 }, { 'mcp-param-count': '007' }],
    ['the largest safe integer', { count: 9007199254740991 }, { 'mcp-param-count': '9007199254740991' }],
    ['an unsafe integer without header', { count: 2 ** 60 }, {}],
    ['true', { dry: true }, { 'mcp-param-dry': 'true' }],
    ['false', { dry: false }, { 'mcp-param-dry': 'false' }],
    ['a nested value', { place: { zone: 'a' } }, { 'mcp-param-zone': 'a' }],
    ['a scalar on the way', { place: 'a' }, {}],
    ['an object where a text belongs', { region: {} }, {}],
    ['an inherited name', { region: undefined }, {}],
  ])('accepts %s', (_, args, headers) => {
    expect(paramHeaderMismatch(ALL, args, headers)).toBeUndefined();
  });

  it.each<[string, unknown, Record<string, string>, string]>([
    ['a missing header', { region: 'eu' }, {}, 'Mcp-Param-Region is missing, but params.arguments.region has a value'],
    [
      'a missing header for false',
      { dry: false },
      {},
      'Mcp-Param-Dry is missing, but params.arguments.dry has a value',
    ],
    ['a missing header for 0', { count: 0 }, {}, 'Mcp-Param-Count is missing, but params.arguments.count has a value'],
    [
      'another text',
      { region: 'eu' },
      { 'mcp-param-region': 'us' },
      'Mcp-Param-Region must equal params.arguments.region',
    ],
    [
      'another case',
      { region: 'eu' },
      { 'mcp-param-region': 'EU' },
      'Mcp-Param-Region must equal params.arguments.region',
    ],
    [
      'raw bytes',
      { region: 'größe' },
      { 'mcp-param-region': 'größe' },
      'Mcp-Param-Region is not encoded as the protocol asks',
    ],
    [
      'bad base64',
      { region: 'x' },
      { 'mcp-param-region': '=?base64?eA?=' },
      'Mcp-Param-Region is not encoded as the protocol asks',
    ],
    [
      'another integer',
      { count: 42 },
      { 'mcp-param-count': '43' },
      'Mcp-Param-Count must equal params.arguments.count',
    ],
    ['an exponent', { count: 100 }, { 'mcp-param-count': '1e2' }, 'Mcp-Param-Count must equal params.arguments.count'],
    ['hexadecimal', { count: 16 }, { 'mcp-param-count': '0x10' }, 'Mcp-Param-Count must equal params.arguments.count'],
    ['an empty number', { count: 0 }, { 'mcp-param-count': '' }, 'Mcp-Param-Count must equal params.arguments.count'],
    [
      'a rounded fraction',
      { count: 1 },
      { 'mcp-param-count': '1.00000000000000001' },
      'Mcp-Param-Count must equal params.arguments.count',
    ],
    [
      'an unsafe integer',
      { count: 2 ** 60 },
      { 'mcp-param-count': '1152921504606846976' },
      'Mcp-Param-Count must equal params.arguments.count',
    ],
    ['True', { dry: true }, { 'mcp-param-dry': 'True' }, 'Mcp-Param-Dry must equal params.arguments.dry'],
    [
      'a header for an object',
      { region: {} },
      { 'mcp-param-region': 'x' },
      'Mcp-Param-Region must equal params.arguments.region',
    ],
    [
      'a nested mismatch',
      { place: { zone: 'a' } },
      { 'mcp-param-zone': 'b' },
      'Mcp-Param-Zone must equal params.arguments.place.zone',
    ],
  ])('refuses %s', (_, args, headers, text) => {
    expect(paramHeaderMismatch(ALL, args, headers)).toBe(text);
  });

  it('tells a repeated header from a value with a comma', () => {
    const headers = { 'mcp-param-region': 'a, b' };
    expect(paramHeaderMismatch([REGION], { region: 'a, b' }, headers, ['Mcp-Param-Region', 'a, b'])).toBeUndefined();
    expect(
      paramHeaderMismatch([REGION], { region: 'a, b' }, headers, ['Mcp-Param-Region', 'a', 'mcp-param-region', 'b']),
    ).toBe('Mcp-Param-Region came more than once');
  });

  it('names no value', () => {
    expect(paramHeaderMismatch([REGION], { region: 'hunter2' }, { 'mcp-param-region': 'sesame' })).not.toMatch(
      /hunter2|sesame/,
    );
  });
});

describe(paramHeadersFor.name, () => {
  it.each<[unknown, Record<string, string>]>([
    [undefined, {}],
    [{}, {}],
    [{ region: null, count: null }, {}],
    [
      { region: 'eu', count: 3, dry: false },
      { 'Mcp-Param-Region': 'eu', 'Mcp-Param-Count': '3', 'Mcp-Param-Dry': 'false' },
    ],
    [{ region: 'größe' }, { 'Mcp-Param-Region': UMLAUT }],
    [{ region: 'a\r\nHost: evil' }, { 'Mcp-Param-Region': '=?base64?YQ0KSG9zdDogZXZpbA==?=' }],
    [{ region: ['a'], count: 2 ** 60, dry: {} }, {}],
    [{ place: { zone: 'z' } }, { 'Mcp-Param-Zone': 'z' }],
  ])('mirrors %j', (args, headers) => {
    expect(paramHeadersFor(ALL, args)).toEqual(headers);
  });

  it('builds what the other side accepts', () => {
    const args = { region: ' ü=?base64?', count: -12, dry: true, place: { zone: '' } };
    const sent = Object.entries(paramHeadersFor(ALL, args)).map(([name, value]) => [name.toLowerCase(), value]);
    expect(paramHeaderMismatch(ALL, args, Object.fromEntries(sent))).toBeUndefined();
  });
});
