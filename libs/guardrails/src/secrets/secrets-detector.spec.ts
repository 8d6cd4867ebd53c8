import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { preview } from './preview.js';
import { SECRET_TYPES, SecretsDetector } from './secrets-detector.js';

// Everything in this file that looks like a secret is a fixture: made up here, by rule, and valid nowhere.
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters that look random and are the same in every run. */
function made(length: number, alphabet = LETTERS): string {
  let state = length * 7919 + alphabet.length;
  return Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return alphabet[Math.floor((state / 2147483648) * alphabet.length)]!;
  }).join('');
}
const hex = (length: number) => made(length, '0123456789abcdef');
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const detector = new SecretsDetector();
const spans = (text: string, label?: string) =>
  detector.find(text, label).map(({ type, start, end }) => [type, text.slice(start, end)]);

describe('what providers give out', () => {
  const jwt = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ sub: '1' })}.${made(43)}`;
  const pem = (kind: string) => `-----BEGIN ${kind}-----\n${made(64)}\n${made(64)}\n-----END ${kind}-----`;

  it.each([
    ['aws_access_key_id', `AKIA${made(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`],
    ['google_api_key', `AIza${made(35)}`],
    ['github_token', `ghp_${made(36)}`],
    ['github_token', `github_pat_${made(22)}_${made(59)}`],
    ['gitlab_token', `glpat-${made(20)}`],
    ['slack_token', `xoxb-123456789012-210987654321-${made(24)}`],
    ['stripe_key', `sk_live_${made(24)}`],
    ['npm_token', `npm_${made(36)}`],
    ['pypi_token', `pypi-AgEIcHlwaS5vcmc${made(80)}`],
    ['sendgrid_key', `SG.${made(22)}.${made(43)}`],
    ['openai_key', `sk-${made(20)}T3BlbkFJ${made(20)}`],
    ['anthropic_key', `sk-ant-api03-${made(93)}AA`],
    ['huggingface_token', `hf_${made(34)}`],
    ['digitalocean_token', `dop_v1_${hex(64)}`],
    ['databricks_token', `dapi${hex(32)}`],
    ['vault_token', `hvs.${made(24)}`],
    ['doppler_token', `dp.pt.${made(43)}`],
    ['docker_hub_token', `dckr_pat_${made(27)}`],
    ['shopify_token', `shpat_${hex(32)}`],
    ['newrelic_key', `NRAK-${made(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`],
    ['postman_key', `PMAK-${hex(24)}-${hex(34)}`],
    ['dynatrace_token', `dt0c01.${made(24, 'ABCDEFGH234567')}.${made(64, 'ABCDEFGH234567')}`],
    ['grafana_token', `glsa_${made(32)}_${hex(8)}`],
    ['linear_key', `lin_api_${made(40)}`],
    ['telegram_token', `123456789:AA${made(33)}`],
    ['discord_token', `MTIzNDU2Nzg5MDEyMzQ1Njc4.${made(6)}.${made(27)}`],
    ['age_secret_key', `AGE-SECRET-KEY-1${made(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
    ['azure_ad_secret', `${made(3)}8Q~${made(34)}`],
    ['mailchimp_key', `${hex(32)}-us12`],
    ['jwt_like', jwt],
    ['private_key_block', pem('PRIVATE KEY')],
    ['private_key_block', pem('RSA PRIVATE KEY')],
    ['private_key_block', pem('ENCRYPTED PRIVATE KEY')],
    ['private_key_block', pem('OPENSSH PRIVATE KEY')],
    ['private_key_block', pem('PGP PRIVATE KEY BLOCK')],
    ['private_key_block', Buffer.from(pem('RSA PRIVATE KEY')).toString('base64')],
    ['password_hash', `$2b$12$${made(53)}`],
    ['password_hash', `$argon2id$v=19$m=65536,t=3,p=4$${made(22)}$${made(43)}`],
  ])('%s, whole, wherever it stands', (type, secret) => {
    for (const text of [secret, `it is ${secret}, they said`, `"${secret}"`, `\\n${secret}\\n`, `a=1\n${secret}\nb=2`])
      expect(spans(text)).toEqual([[type, secret]]);
  });

  it('a key of which only the beginning is there', () => {
    const cut = `-----BEGIN RSA PRIVATE KEY-----\n${made(64)}\n${made(40)}`;
    expect(spans(`${cut}"`)).toEqual([['private_key_block', cut]]);
    expect(spans('-----BEGIN RSA PRIVATE KEY-----')).toEqual([
      ['private_key_block', '-----BEGIN RSA PRIVATE KEY-----'],
    ]);
  });

  it('a token in an address', () => {
    const bot = `123456789:AA${made(33)}`;
    expect(spans(`https://api.telegram.org/bot${bot}/getMe`)).toEqual([['telegram_token', bot]]);
  });

  it.each([
    ['too short', `ghp_${made(35)}`],
    ['too long', `ghp_${made(37)}`],
    ['in a word', `xAKIA${made(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')}`],
    ['blacked out', `ghp_${'x'.repeat(36)}`],
    ['of the documentation', 'AKIAIOSFODNN7EXAMPLE'],
    ['a header that is no JSON', `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ.${base64url({ sub: '1' })}.${made(43)}`],
    ['a public key', pem('PUBLIC KEY')],
    ['a certificate', pem('CERTIFICATE')],
    ['the header in code', "if (text.includes('-----BEGIN PRIVATE KEY-----')) return;"],
    ['a key of nothing', '-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----'],
  ])('not what is %s', (_, text) => {
    expect(spans(text)).toEqual([]);
  });

  it('is surer of a GitHub token whose checksum is right', () => {
    const body = made(30);
    const digits = '0123456789' + LETTERS.slice(0, 52);
    let sum = crc32(body);
    let checksum = '';
    for (let at = 0; at < 6; at++, sum = Math.floor(sum / 62)) checksum = digits[sum % 62]! + checksum;
    expect(detector.find(`ghp_${body}${checksum}`)).toMatchObject([{ score: 1 }]);
    expect(detector.find(`ghp_${made(36)}`)).toMatchObject([{ score: 0.8 }]);
  });
});

describe('what is assigned to a name', () => {
  it.each([
    ['password = "hunter-two"', 'hunter-two', 'assigned_password'],
    ["  password: 'correct!horse'", 'correct!horse', 'assigned_password'],
    ['DB_PASSWORD=letmein22', 'letmein22', 'assigned_password'],
    ['DB_PASSWORD=pa)ss(w;0rd&x # as it came', 'pa)ss(w;0rd&x', 'assigned_password'],
    ['password = "tr0u\\"bador"; x = "y"', 'tr0u\\"bador', 'assigned_password'],
    [`{"kty":"EC","crv":"P-256","d":"${made(43)}"}`, made(43), 'jwk_private_key'],
    ['<password>Tr0ub4dor</password>', 'Tr0ub4dor', 'assigned_password'],
    ['<add key="MailPassword" value="Tr0ub4dor"/>', 'Tr0ub4dor', 'assigned_password'],
    ['<key>password</key>\n<string>Tr0ub4dor</string>', 'Tr0ub4dor', 'assigned_password'],
    ['Server=h;User Id=sa;Password=P@ssw0rd;', 'P@ssw0rd', 'assigned_password'],
    ['tool --password Tr0ub4dor --verbose', 'Tr0ub4dor', 'assigned_password'],
    ["define('DB_PASSWORD', 'tr0ubador');", 'tr0ubador', 'assigned_password'],
    ['{"name": "DB_PASSWORD", "value": "tr0ubador"}', 'tr0ubador', 'assigned_password'],
    ['{\\"password\\": \\"tr0ubador\\"}', 'tr0ubador', 'assigned_password'],
    ['variable "db_password" {\n  default = "tr0ubador"\n}', 'tr0ubador', 'assigned_password'],
    ['my password is tr0ubador', 'tr0ubador', 'assigned_password'],
    [`client_secret: ${made(32)}`, made(32), 'assigned_secret'],
    [`apiToken := "${made(32)}"`, made(32), 'assigned_token'],
    [`export SERVICE_API_KEY=${hex(32)}`, hex(32), 'hex_secret_32'],
    [`?access_token=${made(40)}&page=2`, made(40), 'assigned_token'],
    [`headers.set("X-Api-Key", "${made(32)}")`, made(32), 'assigned_token'],
    [`aws_secret_access_key = ${made(40)}`, made(40), 'aws_secret_access_key'],
    [`curl -H "Authorization: Bearer ${made(32)}" https://a.example`, made(32), 'authorization_header'],
    [
      `Authorization: Basic ${Buffer.from('bob:hunter2').toString('base64')}`,
      'Ym9iOmh1bnRlcjI=',
      'authorization_header',
    ],
    [`Composio: ak_${made(20)}`, `ak_${made(20)}`, 'composio_key'],
    [`https://${hex(32)}@o12345.ingest.sentry.io/42`, hex(32), 'sentry_dsn'],
    ['curl -u bob:hunter2 https://a.example', 'hunter2', 'command_credentials'],
    ['postgres://bob:hunter2@db.internal/app', 'hunter2', 'url_credentials'],
    ['mongodb+srv://bob:hun@ter2@db.internal/app', 'hun@ter2', 'url_credentials'],
    ['machine a.example login bob password hunter2', 'hunter2', 'command_password'],
    ['db.internal:5432:app:bob:hunter2', 'hunter2', 'pgpass'],
  ])('%s', (text, secret, type) => {
    expect(spans(text)).toEqual([[type, secret]]);
  });

  it('or to the member under which the text stands', () => {
    expect(spans('tr0ubador', 'dbPassword')).toEqual([['assigned_password', 'tr0ubador']]);
    expect(spans(made(32), 'api_key')).toEqual([['assigned_token', made(32)]]);
    expect(spans('tr0ubador', 'title')).toEqual([]);
    expect(spans('Enter your password', 'password')).toEqual([]);
    expect(spans(made(32), 'next_page_token')).toEqual([]);
  });

  it.each([
    'password = "changeme"',
    'password: ${DB_PASSWORD}',
    'password: <your password>',
    'password: ********',
    'const password = process.env.PASSWORD;',
    'const token = await getToken();',
    'password: string',
    '"password": { "type": "string" }',
    '"password": "Password must be at least 8 characters"',
    "import { password } from '@inquirer/prompts';",
    '"@inquirer/password": "^5.2.2"',
    'usernameLabel:"User:",passwordLabel:"Password:",rememberLabel:"Remember:"',
    "const steps = ['pass', 'modified', 'fail'];",
    'if (password !== confirmation) {',
    'API_KEY=your_api_key_here',
    'Authorization: Bearer $TOKEN',
    'curl -u username:password https://a.example',
    'https://user:password@a.example',
    'https://localhost:8080/@scope/name',
    `nextPageToken: "${made(40)}"`,
    `public_key = "${made(44)}"`,
    'token_url: https://a.example/oauth/token',
    'max_tokens: 4096',
    'secretName: my-tls-secret',
    'The key to success is hard work, a token of esteem and a strong password policy.',
  ])('but not %s', (text) => {
    expect(spans(text)).toEqual([]);
  });
});

describe('what looks random and is none', () => {
  it.each([
    ['a commit', `commit ${hex(40)}`],
    ['a checksum', `sha256:${hex(64)}  file.tar.gz`],
    ['an SRI hash', `"integrity": "sha512-${made(86)}=="`],
    ['a UUID', '"id": "3f2b1c4d-9e8f-4a7b-8c6d-1e2f3a4b5c6d"'],
    ['an ETag', `ETag: "${hex(32)}"`],
    ['an image', `data:image/png;base64,${made(400)}`],
    ['a trace', `traceparent: 00-${hex(32)}-${hex(16)}-01`],
    ['a locked package', `https://registry.example/x/-/x-1.0.0.tgz#${hex(40)}`],
    ['a public SSH key', `ssh-rsa AAAAB3NzaC1yc2E${made(200)} bob@host`],
  ])('%s', (_, text) => {
    expect(spans(text)).toEqual([]);
  });
});

describe('SecretsDetector', () => {
  it('looks for what is switched on', () => {
    const text = `ghp_${made(36)} and ${made(30)}`;
    const types = (enabled: Record<string, boolean>) => new SecretsDetector(enabled).find(text).map(({ type }) => type);
    expect(types({})).toEqual(['github_token']);
    expect(types({ github_token: false })).toEqual([]);
    expect(types({ base64_24: true })).toEqual(['github_token', 'base64_24']);
  });

  it('knows the types of the contract', () => {
    for (const type of 'aws_access_key_id aws_secret_access_key google_api_key slack_token private_key_block jwt_like hex_secret_32 base64_24'.split(
      ' ',
    ))
      expect(SECRET_TYPES).toContain(type);
  });

  it('takes the rest of a text as one secret once it found a thousand', () => {
    const text = `ghp_${made(36)}\n`.repeat(1500);
    const found = detector.find(text);
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toMatchObject({ end: text.length });
  });

  it.each([
    'key=',
    '-----BEGIN PRIVATE KEY-----',
    'PuTTY-User-Key-File-2: Private-Lines: 1\n',
    'curl -u ',
    '://aaaaaaaa:',
    'A',
  ])('reads a long repetition of %j in linear time', (pump) => {
    new SecretsDetector({ base64_24: true }).find(pumped(pump));
  });

  it('shows the type and length of a secret and nothing of it', () => {
    const [finding] = detector.find('password = "hunter-two"');
    expect(preview(finding!)).toBe('assigned_password (10 characters)');
  });
});
