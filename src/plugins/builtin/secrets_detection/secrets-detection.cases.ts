import type { PluginCase } from '../../plugin-case.js';

// Test fixtures: made up, and valid nowhere. They are put together here so that no scanner takes them for leaks.
const TOKEN = ['ghp_', 'a7Bq9Zk2Wx5Lm8Rt3Yc6Vn1Dj4Hs0Gp7Fu2e'].join('');
const KEY = ['AKIA', 'Q3EGRZ5WJ2KM7XTB'].join('');
const PEM = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  'MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu',
  '-----END PRIVATE KEY-----',
].join('\n');

const redact = { redact: true, block_on_detection: false };
const blocked = { blocked: 'SECRETS_DETECTED' };
const text = (said: string) => ({ content: [{ type: 'text', text: said }] });
const result = (said: string) => ({ result: text(said) });
const prompt = (topic: string) => ({ kind: 'prompt', args: { topic } }) as const;
const resource = (member: object) =>
  ({ kind: 'resource', result: { contents: [{ uri: 'raw://one', ...member }] } }) as const;

export const SECRETS_DETECTION_CASES: readonly PluginCase[] = [
  { title: 'a token in a result', call: result(`use ${TOKEN} for it`), expect: blocked },
  { title: 'a key in a prompt', call: prompt(`my key is ${KEY}`), expect: blocked },
  { title: 'a private key in a resource', call: resource({ mimeType: 'text/plain', text: PEM }), expect: blocked },
  { title: 'in a blob', call: resource({ blob: Buffer.from(`a ${TOKEN} b`).toString('base64') }), expect: blocked },
  { title: 'in base64', call: result(Buffer.from(`here: ${TOKEN}`).toString('base64')), expect: blocked },
  { title: 'in hex', call: result(Buffer.from(`here: ${TOKEN}`).toString('hex')), expect: blocked },
  { title: 'in JSON in a string', call: result(JSON.stringify({ deep: [{ er: TOKEN }] })), expect: blocked },
  { title: 'as a key', call: { result: { ...text(''), structuredContent: { [TOKEN]: 1 } } }, expect: blocked },
  {
    title: 'in structured content',
    call: { result: { content: [], structuredContent: { a: { b: TOKEN } } } },
    expect: blocked,
  },
  {
    title: 'in an embedded resource',
    call: { result: { content: [{ type: 'resource', resource: { uri: 'raw://two', text: TOKEN } }] } },
    expect: blocked,
  },
  {
    title: 'split over two texts',
    call: {
      result: {
        content: [
          { type: 'text', text: TOKEN.slice(0, 20) },
          { type: 'text', text: TOKEN.slice(20) },
        ],
      },
    },
    expect: blocked,
  },
  { title: 'on its way to a tool', call: { args: { body: { note: `token: ${TOKEN}` } } }, expect: blocked },
  { title: 'a password by its name', call: { args: { password: 'Tr0ub4dor&3x' } }, expect: blocked },
  {
    title: 'masked, and the rest as it was',
    config: redact,
    call: { result: { ...text(`a ${TOKEN}, b`), structuredContent: { n: 5, token: TOKEN } } },
    expect: { result: { ...text('a ***REDACTED***, b'), structuredContent: { n: 5, token: '***REDACTED***' } } },
  },
  { title: 'masked before', config: redact, call: result('token=***REDACTED***'), expect: 'unchanged' },
  {
    title: 'masked in a prompt, by a text of the settings',
    config: { ...redact, redaction_text: '[gone]' },
    call: prompt(`key ${KEY}`),
    expect: { args: { topic: 'key [gone]' } },
  },
  {
    title: 'only seen',
    config: { block_on_detection: false },
    call: result(TOKEN),
    expect: 'unchanged',
  },
  { title: 'fewer than are refused', config: { min_findings_to_block: 2 }, call: result(TOKEN), expect: 'unchanged' },
  {
    title: 'as many as are refused',
    config: { min_findings_to_block: 2 },
    call: result(`${TOKEN} ${KEY}`),
    expect: blocked,
  },
  {
    title: 'fewer than are refused, masked',
    config: { min_findings_to_block: 2, redact: true },
    call: result(TOKEN),
    expect: result('***REDACTED***'),
  },
  {
    title: 'of a type that is off',
    config: { enabled: { github_token: false } },
    call: result(TOKEN),
    expect: 'unchanged',
  },
  {
    title: 'under a name that is not looked at',
    config: { ...redact, field_denylist: ['etag'] },
    call: { args: { etag: TOKEN, body: TOKEN } },
    expect: { args: { etag: TOKEN, body: '***REDACTED***' } },
  },
  {
    title: 'under a name that alone is looked at',
    config: { ...redact, field_allowlist: ['body'] },
    call: { args: { etag: TOKEN, body: { deep: TOKEN } } },
    expect: { args: { etag: TOKEN, body: { deep: '***REDACTED***' } } },
  },
  { title: 'a commit', call: result('fixed in 3f2b8c1d9e7a6054c8b1f0e2d3a4958677665544'), expect: 'unchanged' },
  { title: 'an id', call: result('request 550e8400-e29b-41d4-a716-446655440000'), expect: 'unchanged' },
  { title: 'a long word', call: result('Donaudampfschifffahrtsgesellschaftskapitaen'), expect: 'unchanged' },
  { title: 'a placeholder', call: { args: { password: 'changeme', api_key: '${API_KEY}' } }, expect: 'unchanged' },
  {
    title: 'an image',
    call: {
      result: {
        content: [
          {
            type: 'image',
            mimeType: 'image/png',
            data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          },
        ],
      },
    },
    expect: 'unchanged',
  },
];
