import { isMasked, isPlaceholder, isTemplate } from './placeholder.js';
import { looksRandom } from './randomness.js';
import { always, token } from './token-rule.js';

const NAMES_OF_NOBODY =
  /^(?:user(?:name)?|usr|login|name|my_?user|your_?user(?:name)?|account|admin_?user|email|id|client_?id|x+)?$/i;
const NAMES_OF_NOTHING =
  /^(?:pass(?:word|wd)?|pwd|pw|port|token|\d{1,5}|key|api_?key|client_?secret|p|pass_?here|x+|y+|z+)$/i;

/** A user and password as `user:password`: `username:password` explains the form. */
function pair(user: string, password: string): number {
  const [name, word] = [unquoted(user), unquoted(password)];
  if (word.length === 0 || isTemplate(word) || isTemplate(name) || /^[[{<$%]/.test(word) || isMasked(word)) return 0;
  if (/^\W+$/.test(word)) return 0;
  return NAMES_OF_NOTHING.test(word) && NAMES_OF_NOBODY.test(name) ? 0 : 0.8;
}

function ofPair(secret: string, match: RegExpExecArray): number {
  return pair(match[match.lastIndexOf(secret) - 1] ?? '', secret);
}

function unquoted(text: string): string {
  return text.replace(/^["'\\]+|["'\\]+$/g, '');
}

/** `Basic` carries base64 of `user:password`. */
function basic(encoded: string): number {
  const colon = Buffer.from(encoded, 'base64').toString('latin1');
  const at = colon.indexOf(':');
  if (at >= 0 && /^[\x20-\x7e]+$/.test(colon)) return pair(colon.slice(0, at), colon.slice(at + 1));
  return looksRandom(encoded, 16) ? 0.6 : 0;
}

const word = {
  score: (secret: string) => (isPlaceholder(secret) || isTemplate(secret) || /^[$<{[%-]/.test(secret) ? 0 : 0.7),
};
const argument = { score: (secret: string) => (isTemplate(secret) || isMasked(secret) ? 0 : 0.7) };
const random = { score: (secret: string) => (isPlaceholder(secret) || !looksRandom(secret, 16) ? 0 : 0.8) };
const HASH64 = '[A-Za-z0-9./]';

/** Secrets known by the syntax around them: headers, addresses, commands, calls, and hashes of passwords. */
export const CREDENTIAL_RULES = [
  // Headers
  token('authorization_header', 'bearer', 'Bearer\\\\?[ :=]{1,3}["\']?([A-Za-z0-9._~+/|-]{16,4000}={0,2})', {
    ignoreCase: true,
    ...random,
  }),
  token('authorization_header', 'basic', 'Basic ([A-Za-z0-9+/_-]{6,1000}={0,2})(?![=\\w])', {
    ignoreCase: true,
    score: basic,
  }),
  token(
    'authorization_header',
    'authorization',
    'Authorization\\\\{0,2}["\']?\\s?[:=]\\s?\\\\{0,2}["\']?(?:[A-Za-z][A-Za-z-]{1,20}[ =:]{1,2}(?:token=)?)?["\']?([A-Za-z0-9._~+/|-]{16,4000}={0,2})',
    { ignoreCase: true, ...random },
  ),
  token(
    'authorization_header',
    '-h --header',
    '(?:-H|--header)[ =]?["\'](?:[Xx]-)?(?:[A-Za-z]{1,20}-){0,3}(?:[Tt]oken|TOKEN|[Aa]pi-?[Kk]ey|API-?KEY|[Kk]ey|[Aa]uth|[Ss]ecret): ?([A-Za-z0-9._~+/-]{8,1000}={0,2})',
    { inWord: true, score: (secret) => (isPlaceholder(secret) || !looksRandom(secret, 8) ? 0 : 0.8) },
  ),
  // Addresses
  token('url_credentials', '://', '://([^\\s:@/?#"\'`<>]{0,80}):([^\\s"\'`<>/]{1,128})(?=@[\\w[%.-])', {
    inWord: true,
    score: ofPair,
  }),
  // Commands
  token(
    'command_credentials',
    'curl',
    'curl (?:[^\\n\\\\]|\\\\\\n?){0,300}?(?:-u|--user|--proxy-user)[ =]{0,4}(?:"([^\\s:"]{0,100}):([^"\\n]{1,128})(?=")|\'([^\\s:\']{0,100}):([^\'\\n]{1,128})(?=\')|([^\\s:"\']{0,100}):([^\\s"\']{1,128}))',
    { score: ofPair },
  ),
  token('command_password', 'psexec', 'psexec(?:\\.exe)?[^\\n]{0,120} -p ([^\\s"\']{3,64}|"[^"\\n]{3,64}")', {
    ignoreCase: true,
    score: (secret) => (secret.startsWith('-') ? 0 : 0.7),
  }),
  token(
    'command_password',
    'sshpass',
    'sshpass -p ?(?:"([^"\\n]{3,64})"|\'([^\'\\n]{3,64})\'|([^\\s"\']{3,64}))',
    word,
  ),
  token(
    'command_password',
    'mysql mysqldump mysqladmin mariadb',
    '(?:mysql(?:dump|admin)?|mariadb) [^\\n|;]{0,80}-p([^\\s"\'$=-][^\\s"\']{2,64})',
    word,
  ),
  token('command_password', 'docker podman', '(?:docker|podman) login [^\\n]{0,80}-p ([^\\s"\']{4,80})', word),
  token('command_password', 'sqlcmd bcp', '(?:sqlcmd|bcp) [^\\n]{0,120}-P ?([^\\s"\'$-][^\\s"\']{3,64})', word),
  token('command_password', 'redis-cli', 'redis-cli [^\\n]{0,80}-a ([^\\s"\']{4,80})', word),
  token('command_password', '-passin -passout -pass', '-pass(?:in|out)? pass:([^\\s"\']{3,64})', word),
  token('command_password', 'identified', 'identified by (?:password )?[\'"]([^\'"\\n]{3,64})[\'"]', {
    ignoreCase: true,
    ...word,
  }),
  token('command_password', 'net', 'net use [^\\n]{0,80}/user:\\S{1,64} ([^\\s/"\']{4,64})', {
    ignoreCase: true,
    ...word,
  }),
  token(
    'command_password',
    'netrc machine',
    'machine\\s{1,8}\\S{1,100}\\s{1,8}login\\s{1,8}\\S{1,100}\\s{1,8}password\\s{1,8}(\\S{3,128})',
    word,
  ),
  // Calls
  token(
    'call_password',
    'networkcredential',
    'NetworkCredential\\(\\s{0,8}"[^"\\n]{1,80}",\\s{0,8}"([^"\\n]{3,80})(?=")',
    argument,
  ),
  token(
    'call_password',
    'directoryentry',
    'DirectoryEntry\\(\\s{0,8}"[^"\\n]{1,80}",\\s{0,8}"[^"\\n]{1,80}",\\s{0,8}"([^"\\n]{3,80})(?=")',
    argument,
  ),
  token(
    'call_password',
    'httpbasicauth basicauth',
    '(?:HTTP)?BasicAuth\\(\\s{0,8}["\'][^"\'\\n]{1,80}["\'],\\s{0,8}["\']([^"\'\\n]{3,80})(?=["\'])',
    { ignoreCase: true, ...argument },
  ),
  token('call_password', 'auth=', 'auth=\\(["\'][^"\'\\n]{1,80}["\'], ?["\']([^"\'\\n]{3,80})(?=["\'])', argument),
  token(
    'call_password',
    'mysqli mysqli_connect mysql_connect',
    'mysqli?(?:_connect)?\\(["\'][^"\'\\n]{1,80}["\'], ?["\'][^"\'\\n]{1,80}["\'], ?["\']([^"\'\\n]{3,80})(?=["\'])',
    argument,
  ),
  token('call_password', '.login(', '\\.login\\(["\'][^"\'\\n]{1,80}["\'], ?["\']([^"\'\\n]{3,80})(?=["\'])', {
    inWord: true,
    ...argument,
  }),
  token(
    'call_password',
    'getconnection',
    'getConnection\\(["\'][^"\'\\n]{1,200}["\'], ?["\'][^"\'\\n]{1,80}["\'], ?["\']([^"\'\\n]{3,80})(?=["\'])',
    argument,
  ),
  token(
    'call_password',
    'convertto-securestring',
    'ConvertTo-SecureString (?:-String )?["\']([^"\'\\n$]{3,80})(?=["\'])',
    { ignoreCase: true, ...argument },
  ),
  // Hashes of passwords
  token('password_hash', '$1$ $apr1$', `\\$(?:1|apr1)\\$${HASH64}{1,8}\\$${HASH64}{22}`, { inWord: true, ...always }),
  token('password_hash', '$2a$ $2b$ $2x$ $2y$', `\\$2[abxy]\\$\\d\\d\\$${HASH64}{53}`, { inWord: true, ...always }),
  token(
    'password_hash',
    '$5$ $6$',
    `\\$[56]\\$(?:rounds=\\d{1,9}\\$)?${HASH64}{1,16}\\$(?:${HASH64}{86}|${HASH64}{43})`,
    { inWord: true, ...always },
  ),
  token(
    'password_hash',
    '$y$ $7$ $8$ $9$ $14$',
    `\\$(?:y|7|8|9)\\$(?:${HASH64}{3,8}\\$)?${HASH64}{8,64}\\$${HASH64}{43}`,
    { inWord: true, ...always },
  ),
  token(
    'password_hash',
    '$argon2',
    '\\$argon2(?:id|i|d)\\$v=\\d{2}\\$m=\\d{1,8},t=\\d{1,4},p=\\d{1,3}\\$[A-Za-z0-9+/]{11,64}\\$[A-Za-z0-9+/]{16,128}',
    { inWord: true, ...always },
  ),
  token(
    'password_hash',
    'pbkdf2',
    'pbkdf2[_:](?:hmac[_:])?sha(?:1|256|512)[$:]\\d{1,9}[$:][A-Za-z0-9./+=]{6,64}[$:][A-Za-z0-9./+=]{20,128}',
    always,
  ),
  token('password_hash', '$p$ $h$', `\\$[PH]\\$${HASH64}{31}`, { inWord: true, ...always }),
  token('password_hash', '$krb5', '\\$krb5(?:tgs|asrep|pa)\\$\\d{1,2}\\$[^\\s"\']{40,8000}', {
    inWord: true,
    ...always,
  }),
  token('password_hash', '{ssha {sha} {smd5}', '\\{(?:S?SHA(?:256|512)?|SMD5)\\}[A-Za-z0-9+/]{27,120}={0,2}', {
    inWord: true,
    ...always,
  }),
  token('password_hash', ':aad3b435', '[0-9]{3,6}:[0-9a-f]{32}:[0-9a-f]{32}', { back: 6, ignoreCase: true, ...always }),
  // Lines of files of passwords
  token('pgpass', ':*: :5432:', ':(?:\\d{2,5}|\\*):[\\w*.-]{1,64}:[\\w*.-]{1,64}:([^\\s:"\'=,]{3,64})', {
    inWord: true,
    ...word,
  }),
];
