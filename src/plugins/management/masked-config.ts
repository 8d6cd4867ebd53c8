/** What a secret is replaced with wherever a configuration is shown. */
const HIDDEN = '***';
/** Names of members whose value is a secret, whatever it is. */
const SECRET =
  /(^|[_-])(api[_-]?key|key|secret|token|password|passwd|passphrase|credential|authorization|cookie)s?$|headers$/i;

/** Of a URL: its user and password. */
const USER_INFO = /^([a-z][a-z0-9+.-]{0,30}:\/\/)[^/\s]*@/i;

/** Of a URL: what follows its path. */
const QUERY = /^([a-z][a-z0-9+.-]{0,30}:\/\/[^\s?#]*[?#])\S+$/i;
/** Of a URL: what follows its host. Whoever knows the path of a webhook may call it. */
const BEHIND_HOST = /^([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#]*[/?#])\S+$/i;

/** A configuration as it is shown: what is a secret by its name is hidden, also deep within, and what of a URL can be one. */
export function maskedConfig(value: unknown, behind: RegExp = QUERY): unknown {
  if (typeof value === 'string') return value.replace(USER_INFO, `$1${HIDDEN}@`).replace(behind, `$1${HIDDEN}`);
  if (Array.isArray(value)) return value.map((item) => maskedConfig(item, behind));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET.test(name) && member !== null && member !== ''
        ? hidden(member)
        : maskedConfig(member, name === 'webhooks' ? BEHIND_HOST : behind),
    ]),
  );
}

/** The names of hidden members may be seen. */
function hidden(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return HIDDEN;
  if (Array.isArray(member)) return member.map(() => HIDDEN);
  return Object.fromEntries(Object.keys(member).map((name) => [name, HIDDEN]));
}
