/** One row of the table of errors. `docs/reference/errors.md` is generated from it. */
interface ErrorRow {
  readonly status: number;
  /** What the caller is told when the thrower says nothing more precise. */
  readonly text: string;
  /** What to do about it; for the reference, not for the wire. */
  readonly help: string;
}

/** The one table of errors of the REST API and of the edge. */
export const ERRORS = {
  authentication_required: {
    status: 401,
    text: 'Authorization token required',
    help: 'Send `Authorization: Bearer <token>`.',
  },
  invalid_token: {
    status: 401,
    text: 'Invalid authentication credentials',
    help: 'The token is malformed, not signed by this gateway, or for another issuer, audience or environment. Sign in again.',
  },
  invalid_credentials: {
    status: 401,
    text: 'Invalid email or password',
    help: 'Check both; the answer does not say which is wrong.',
  },
  old_password_wrong: {
    status: 401,
    text: 'Current password is incorrect',
    help: 'Give the password that you sign in with now. Wrong ones count as failed sign-ins.',
  },
  basic_disabled: {
    status: 401,
    text: 'Basic authentication is disabled for API endpoints. Use Authorization: Bearer.',
    help: 'Send a token, or set API_ALLOW_BASIC_AUTH; the documentation pages have DOCS_ALLOW_BASIC_AUTH. MCP endpoints never take Basic.',
  },
  basic_rejected: {
    status: 401,
    text: 'Invalid credentials',
    help: 'BASIC_AUTH_USER and BASIC_AUTH_PASSWORD are the only pair that is taken.',
  },
  basic_required: {
    status: 401,
    text: 'Authentication required',
    help: 'The documentation pages take HTTP Basic here, besides a token or the cookie of a sign-in.',
  },
  cookie_not_allowed: {
    status: 401,
    text: 'Cookie authentication not allowed for API requests. Use Authorization header.',
    help: 'A cookie counts only in what a browser asks for on pages of the gateway, and never on MCP endpoints.',
  },
  proxy_header_required: {
    status: 401,
    text: 'Proxy authentication header required',
    help: 'The proxy must put the e-mail of the caller into the header that PROXY_USER_HEADER names.',
  },
  invalid_dpop_proof: {
    status: 401,
    text: 'The DPoP proof is invalid',
    help: 'The text says what is wrong. Each request needs a proof of its own, signed by the key that the token is bound to (RFC 9449).',
  },
  use_dpop_nonce: {
    status: 401,
    text: 'The DPoP proof needs a nonce of the gateway',
    help: 'Make a new proof with the `DPoP-Nonce` of the answer.',
  },
  sender_constraint_required: {
    status: 401,
    text: 'This server takes only tokens that are bound to their sender',
    help: 'Use a token that is bound as `sender_constrained` of the virtual server says: to a key (DPoP) or to a client certificate.',
  },
  token_expired: { status: 401, text: 'Token has expired', help: 'Sign in again or mint a new token.' },
  token_revoked: { status: 401, text: 'Token has been revoked', help: 'Mint a new token.' },
  session_ended: {
    status: 401,
    text: 'Session has ended',
    help: 'Somebody signed out, changed the password, or an exchanged token was used again. Sign in again.',
  },
  session_idle: {
    status: 401,
    text: 'Session expired due to inactivity',
    help: 'Nobody used it for TOKEN_IDLE_TIMEOUT. Sign in again.',
  },
  session_over: {
    status: 401,
    text: 'Session has reached its maximum lifetime',
    help: 'SESSION_MAX_LIFETIME has passed since the sign-in, and refreshing does not move it. Sign in again.',
  },
  token_used_up: {
    status: 401,
    text: 'Token has no uses left',
    help: 'The token was made for `max_uses` requests. Mint a new token.',
  },
  user_not_found: {
    status: 401,
    text: 'User not found in database',
    help: 'Create the user, or set REQUIRE_USER_IN_DB=false to trust signed tokens alone.',
  },
  account_disabled: { status: 401, text: 'Account disabled', help: 'An administrator can enable the account.' },
  access_denied: {
    status: 403,
    text: 'Access denied',
    help: 'The token or the roles of its user do not allow this. The usage log has the reason.',
  },
  team_left: {
    status: 403,
    text: 'Token is invalid: User is no longer a member of the associated team',
    help: 'Mint a token for a team that the user belongs to, or add the user to the team again.',
  },
  password_change_required: {
    status: 403,
    text: 'Password change required. Please change your password before continuing.',
    help: 'Until then this session reaches only the routes of its own account. API tokens are exempt.',
  },
  session_required: {
    status: 403,
    text: 'Token management requires an interactive session (JWT from web login or SSO). API tokens cannot create, list, or revoke other tokens.',
    help: 'Sign in with e-mail and password and use that token.',
  },
  registration_disabled: {
    status: 403,
    text: 'Public registration is disabled. Please contact an administrator to create an account.',
    help: 'An administrator creates accounts; PUBLIC_REGISTRATION_ENABLED lets people do it themselves.',
  },
  password_reset_disabled: {
    status: 403,
    text: 'Password reset is disabled',
    help: 'An administrator can set a password; PASSWORD_RESET_ENABLED lets people do it themselves.',
  },
  sso_disabled: {
    status: 404,
    text: 'SSO authentication is disabled',
    help: 'SSO_ENABLED switches it on.',
  },
  sso_required: {
    status: 400,
    text: 'Sign in with single sign-on',
    help: 'SSO_PRESERVE_ADMIN_AUTH is false: passwords are taken from nobody while SSO_ENABLED is true.',
  },
  sso_provider_unavailable: {
    status: 503,
    text: 'The identity provider cannot be asked',
    help: 'It did not answer, or what it says of itself can’t be relied on. The log has the cause.',
  },
  reset_token_invalid: {
    status: 400,
    text: 'Invalid password reset token',
    help: 'Copy the whole link of the e-mail, or ask for another.',
  },
  reset_token_over: {
    status: 410,
    text: 'This password reset token has expired or has been used',
    help: 'Ask for another. A token works once, until PASSWORD_RESET_TOKEN_EXPIRY_MINUTES have passed or another one was used.',
  },
  // Named as the documented contract does.
  CSRF_TOKEN_INVALID: {
    status: 403,
    text: 'CSRF validation failed',
    help: 'A cookie signs writes in only with `X-CSRF-Token` from `GET /auth/csrf-token` and an Origin of APP_DOMAIN or CSRF_TRUSTED_ORIGINS. Bearer tokens need neither.',
  },
  bad_request: { status: 400, text: 'Bad request', help: 'The text names the field and the rule.' },
  not_found: { status: 404, text: 'Not found', help: 'It does not exist, or the caller may not see it.' },
  method_not_allowed: { status: 405, text: 'Method not allowed', help: 'The `Allow` header names the methods.' },
  not_acceptable: {
    status: 406,
    text: 'Not acceptable',
    help: 'List application/json and text/event-stream in `Accept`.',
  },
  conflict: { status: 409, text: 'Already exists', help: 'Choose another name or change the one that exists.' },
  payload_too_large: { status: 413, text: 'The body is too large', help: 'The text names the limit and its setting.' },
  headers_too_large: {
    status: 431,
    text: 'The headers are too large',
    help: 'At most 100 header fields and 16 KiB in all.',
  },
  request_timeout: {
    status: 408,
    text: 'The request did not arrive in time',
    help: 'HEADER_TIMEOUT_SECONDS and REQUEST_TIMEOUT_SECONDS say how long it may take.',
  },
  too_many_requests: {
    status: 429,
    text: 'Too many requests. Please try again later.',
    help: 'Wait for the seconds in `Retry-After`.',
  },
  unsupported_media_type: { status: 415, text: 'Content-Type must be application/json', help: 'Set the header.' },
  misdirected: {
    status: 403,
    text: 'Host not allowed',
    help: 'Add the host to ALLOWED_HOSTS, or reach the gateway by its APP_DOMAIN. The check stops DNS rebinding.',
  },
  origin_not_allowed: { status: 403, text: 'Origin not allowed', help: 'Add the origin to ALLOWED_ORIGINS.' },
  quota_exceeded: {
    status: 429,
    text: 'Request limit exceeded',
    help: 'The text says which of the token’s `usage_limits` is used up, `Retry-After` when it starts again.',
  },
  validation_failed: { status: 422, text: 'Validation failed', help: '`detail` lists each field and its rule.' },
  internal_error: {
    status: 500,
    text: 'An internal error occurred. Please try again.',
    help: 'The log has the cause under the `X-Correlation-ID` of the answer.',
  },
  upstream_failed: { status: 502, text: 'Unable to connect to gateway', help: 'The text says what the upstream did.' },
  oauth_failed: {
    status: 502,
    text: 'The authorization server of the upstream gave no token',
    help: 'The text says what was wrong with it, or with what the upstream says of it; docs/guides/upstream-oauth.md has what to do.',
  },
  oauth_unconnected: {
    status: 409,
    text: 'Connect your account first',
    help: 'The upstream wants the consent of each user: open the address that the text names, signed in as the same user.',
  },
  issuer_unavailable: {
    status: 503,
    text: 'The authorization server of this token cannot be asked',
    help: 'Its keys or its introspection endpoint did not answer, and nothing usable was kept. The log has the cause.',
  },
  keys_unavailable: {
    status: 503,
    text: 'The keys of stored secrets cannot be had',
    help: 'The key backend does not answer, or refuses; nothing is stored or sent in clear instead. `GET /admin/keys` says since when. Retry after the seconds in `Retry-After`.',
  },
  overloaded: { status: 503, text: 'The gateway is busy', help: 'Retry after the seconds in `Retry-After`.' },
  draining: { status: 503, text: 'The gateway is shutting down', help: 'Retry; another replica answers.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface FieldFault {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** For whom a credential stood before it ended. */
export interface CredentialHolder {
  /** E-mail. */
  readonly subject: string;
  /** Its `jti`. */
  readonly tokenId: string | null;
}

/** Thrown anywhere above the libs; the filter turns it into the answer. */
export class GatewayError extends Error {
  readonly status: number;
  /** Whose credential was refused, where it was a real one: for the usage log. */
  holder: CredentialHolder | undefined;

  /**
   * @param detail what the caller is told; never internals, never a secret
   * @param reason for the usage log; defaults to the code
   * @param retryAfterSeconds when to come again, where waiting helps
   */
  constructor(
    readonly code: ErrorCode,
    readonly detail: string | readonly FieldFault[] = ERRORS[code].text,
    readonly reason: string = code,
    readonly retryAfterSeconds?: number,
  ) {
    super(typeof detail === 'string' ? detail : ERRORS[code].text);
    this.name = 'GatewayError';
    this.status = ERRORS[code].status;
  }
}
