import { Injectable } from '@nestjs/common';
import type { Principal, SenderConstraint } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from '../../http/errors.js';
import type { RequestContext } from '../../http/request-context.js';
import { sameText } from '../cookies/csrf-tokens.js';
import type { Credential } from '../credentials/credential.js';
import { BoundSettings } from './bound.settings.js';
import { ClientCertificates } from './client-certificates.js';
import { DpopProofs } from './dpop-proofs.js';

const TAKES = 'This server takes only tokens that are bound to';
const WANTED: Readonly<Record<SenderConstraint, string | undefined>> = {
  none: undefined,
  dpop: `${TAKES} a key (DPoP)`,
  mtls: `${TAKES} a client certificate`,
  any: `${TAKES} a key (DPoP) or a client certificate`,
};

/** Whether whoever presents a bound token holds what it is bound to. Asked of every request, however well the token is known. */
@Injectable()
export class Possession {
  readonly #algorithms: string;

  constructor(
    settings: BoundSettings,
    private readonly proofs: DpopProofs,
    private readonly certificates: ClientCertificates,
  ) {
    this.#algorithms = settings.algorithms.join(' ');
  }

  /** Lets a refusal of this request speak of DPoP too. */
  announce(context: RequestContext): void {
    context.dpopAlgorithms = this.#algorithms;
  }

  /** What to answer a caller whose credential is not bound as the server wants it. */
  missing(context: RequestContext, constraint: SenderConstraint): GatewayError {
    if (constraint !== 'mtls') this.announce(context);
    return new GatewayError('sender_constraint_required', WANTED[constraint], 'sender_constraint');
  }

  /** @throws GatewayError 401, or 503 when that can't be known */
  async demand(principal: Principal, credential: Credential, request: Request): Promise<void> {
    try {
      await this.#demand(principal, credential, request);
    } catch (error) {
      // The token is a real one.
      if (error instanceof GatewayError) error.holder = { subject: principal.subject, tokenId: principal.tokenId };
      throw error;
    }
  }

  async #demand({ binding = {} }: Principal, credential: Credential, request: Request): Promise<void> {
    const { jkt, x5t } = binding;
    if (x5t !== undefined && !sameText(this.certificates.thumbprint(request) ?? '', x5t))
      throw new GatewayError(
        'invalid_token',
        'The token is bound to a client certificate that was not shown',
        'token_certificate',
      );
    if (jkt !== undefined) this.announce(request.context);
    if (jkt === undefined && credential.source !== 'dpop') return;
    if (jkt === undefined)
      throw new GatewayError('invalid_token', 'The token is bound to no key: send it as Bearer', 'token_unbound');
    if (credential.source !== 'dpop')
      throw new GatewayError('invalid_token', 'The token is bound to a key: send it as DPoP', 'token_bound');
    await this.proofs.verify(request, credential.token, jkt);
  }
}
