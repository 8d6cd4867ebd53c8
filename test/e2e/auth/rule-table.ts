const DPOP = 'DPoP error="invalid_token", algs="ES256 ES384 ES512 Ed25519 EdDSA PS256 PS384 PS512 RS256 RS384 RS512"';

/** What is answered, as the guide of authentication has it: status, code, words, and the challenge of a 401. */
const ANSWERS = {
  nothing: [401, 'authentication_required', 'Authorization token required', 'Bearer'],
  'no-name': [401, 'proxy_header_required', 'Proxy authentication header required', 'Bearer'],
  invalid: [401, 'invalid_token', 'Invalid authentication credentials', 'Bearer error="invalid_token"'],
  alone: [401, 'invalid_token', 'Invalid token: aud must be this gateway alone', 'Bearer error="invalid_token"'],
  'no-jti': [401, 'invalid_token', 'Token is missing required JTI claim (jti)', 'Bearer error="invalid_token"'],
  bound: [
    401,
    'invalid_token',
    'The token is bound to a key: send it as DPoP',
    `Bearer error="invalid_token", ${DPOP}`,
  ],
  unshown: [
    401,
    'invalid_token',
    'The token is bound to a client certificate that was not shown',
    'Bearer error="invalid_token"',
  ],
  'no-binding': [
    401,
    'invalid_token',
    'Invalid token: cnf must have the thumbprints jkt or x5t#S256, and nothing else',
    'Bearer error="invalid_token"',
  ],
  expired: [401, 'token_expired', 'Token has expired', 'Bearer error="invalid_token"'],
  'api-expired': [401, 'token_expired', 'API token expired', 'Bearer error="invalid_token"'],
  revoked: [401, 'token_revoked', 'Token has been revoked', 'Bearer error="invalid_token"'],
  'api-off': [401, 'token_revoked', 'API token has been revoked', 'Bearer error="invalid_token"'],
  ended: [401, 'session_ended', 'Session has ended', 'Bearer error="invalid_token"'],
  unknown: [401, 'user_not_found', 'User not found in database', 'Bearer error="invalid_token"'],
  disabled: [401, 'account_disabled', 'Account disabled', 'Bearer error="invalid_token"'],
  'no-cookie': [
    401,
    'cookie_not_allowed',
    'Cookie authentication not allowed for API requests. Use Authorization header.',
    'Bearer',
  ],
  'no-basic': [
    401,
    'basic_disabled',
    'Basic authentication is disabled for API endpoints. Use Authorization: Bearer.',
    'Bearer',
  ],
  'docs-basic': [401, 'basic_disabled', 'Basic authentication is disabled for the documentation', 'Bearer'],
  'mcp-basic': [401, 'basic_disabled', 'Basic authentication is disabled for API endpoints that speak MCP', 'Bearer'],
  wrong: [401, 'basic_rejected', 'Invalid credentials', 'Basic realm="Portcullis", charset="UTF-8"'],
  asked: [401, 'basic_required', 'Authentication required', 'Basic realm="Portcullis", charset="UTF-8"'],
  denied: [403, 'access_denied', 'Access denied', null],
  confined: [403, 'access_denied', 'A session that is itself restricted cannot create or change tokens', null],
  left: [403, 'team_left', 'Token is invalid: User is no longer a member of the associated team', null],
  session: [
    403,
    'session_required',
    'Token management requires an interactive session (JWT from web login or SSO). API tokens cannot create, list, or revoke other tokens.',
    null,
  ],
  csrf: [403, 'CSRF_TOKEN_INVALID', 'CSRF validation failed', null],
} as const;

export type Verdict = 'ok' | keyof typeof ANSWERS;

/** Who sends what, and what each door says to it; one verdict stands for every column it has none of its own in. */
export interface Rule {
  readonly credential: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** What of an answer the rules speak of. */
export interface Told {
  readonly status: number;
  readonly code: string | null;
  readonly detail: string | null;
  readonly challenge: string | null;
}

export function toldBy(verdict: keyof typeof ANSWERS): Told {
  const [status, code, detail, challenge] = ANSWERS[verdict];
  return { status, code, detail, challenge };
}

/**
 * Reads a table of rules: `credential | verdict verdict …`, one verdict for each column of its first line. A line with a
 * single verdict has it in every column.
 */
export function rulesOf(table: string): Rule[] {
  const [head = '', ...lines] = table
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const columns = verdictsIn(head);
  return lines.map((line) => {
    const said = verdictsIn(line);
    if (said.length !== 1 && said.length !== columns.length) throw new Error(`the columns of "${line}"`);
    const verdicts = columns.map((column, at) => [column, known(said[at] ?? said[0] ?? '')] as const);
    return { credential: (line.split('|')[0] ?? '').trim(), verdicts: Object.fromEntries(verdicts) };
  });
}

const verdictsIn = (line: string): string[] => (line.split('|')[1] ?? '').trim().split(/\s+/);

function known(word: string): Verdict {
  if (word !== 'ok' && !Object.hasOwn(ANSWERS, word)) throw new Error(`no such verdict: ${word}`);
  return word as Verdict;
}
