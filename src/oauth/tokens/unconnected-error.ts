import { GatewayError } from '../../http/errors.js';

/** The user has to consent at the authorization server of the upstream, by way of `connectUrl`, before there is a token. */
export class UnconnectedError extends GatewayError {
  constructor(readonly connectUrl: string) {
    super('oauth_unconnected', `Connect your account at ${connectUrl}`);
    this.name = 'UnconnectedError';
  }
}
