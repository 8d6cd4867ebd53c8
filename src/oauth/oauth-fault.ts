import { GatewayError } from '../http/errors.js';

/** 502: no token is to be had, and why; the text is fit for whoever may use the upstream. */
export const oauthFault = (text: string, cause?: unknown): GatewayError =>
  Object.assign(new GatewayError('oauth_failed', `OAuth: ${text}`), cause === undefined ? {} : { cause });
