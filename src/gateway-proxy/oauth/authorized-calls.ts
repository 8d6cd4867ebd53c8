import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import { readChallenge } from '../../oauth/discovery/challenge.js';
import type { AccessToken } from '../../oauth/tokens/access-token.js';
import { AccessTokens } from '../../oauth/tokens/access-tokens.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { FaultAnswer } from '../forward/fault-answer.js';
import type { ForwardJob } from '../forward/forward-job.js';
import { Forwarder } from '../forward/forwarder.js';
import { ConnectAnswers } from './connect-answers.js';

/** Of a call to an upstream with OAuth: for whom it goes up with which token. */
export interface Authorization {
  readonly upstream: OauthUpstream;
  readonly token: AccessToken;
}

/** Takes calls to upstreams with a token of the caller, where the upstream wants one. */
@Injectable()
export class AuthorizedCalls {
  /** Kept with the token, so that what others keep with a gateway lasts. */
  readonly #granted = new WeakMap<AccessToken, { readonly of: CatalogGateway; readonly gateway: CatalogGateway }>();

  readonly #bare = new WeakMap<CatalogGateway, CatalogGateway>();

  constructor(
    private readonly forwarder: Forwarder,
    private readonly tokens: AccessTokens,
    private readonly answers: ConnectAnswers,
  ) {}

  /** The call with a token, or what its client is answered where there is none. */
  async ready(job: ForwardJob): Promise<ForwardJob | Answer> {
    const upstream = job.gateway.oauth;
    if (!upstream) return job;
    try {
      return this.#with(job, { upstream, token: await this.tokens.of(upstream, job.context.principal) });
    } catch (error) {
      return this.answers.to(job, error);
    }
  }

  /** Once more with another token where the upstream refuses the first. */
  async forward(job: ForwardJob): Promise<Answer> {
    const answer = await this.forwarder.forward(job);
    const { authorization } = job;
    if (!authorization || !isRefused(answer)) return answer;
    try {
      const token = await this.#another(job, authorization, answer);
      if (!token) return answer;
      job.context.failed = undefined;
      const again = await this.forwarder.forward(this.#with(job, { ...authorization, token }));
      if (!isRefused(again)) return again;
      if (again.facts.status === 401) return await this.tokens.reject(authorization.upstream, token);
      await this.#another(job, { ...authorization, token }, again);
      return again;
    } catch (error) {
      return this.answers.to(job, error);
    }
  }

  /** Undefined where another would not help. */
  async #another(
    { context }: ForwardJob,
    { upstream, token }: Authorization,
    { facts: { status, challenge } }: FaultAnswer,
  ): Promise<AccessToken | undefined> {
    if (status === 401) return this.tokens.anew(upstream, context.principal, token);
    const { error, scope } = await readChallenge(challenge);
    return error === 'insufficient_scope' ? this.tokens.stepUp(upstream, context.principal, token, scope) : undefined;
  }

  #with(job: ForwardJob, authorization: Authorization): ForwardJob {
    const { upstream, token } = authorization;
    const known = this.#granted.get(token);
    // A second time, the job has the gateway of the token before.
    const base = this.#bare.get(job.gateway) ?? job.gateway;
    if (known?.of === base) return { ...job, gateway: known.gateway, authorization };
    const holder = `${upstream.gatewayId} ${job.context.principal?.userId ?? ''}`;
    const headers = Object.freeze({ authorization: `Bearer ${token.text}` });
    const gateway = { ...base, target: { ...base.target, headers, holder } };
    this.#granted.set(token, { of: base, gateway });
    this.#bare.set(gateway, base);
    return { ...job, gateway, authorization };
  }
}

const isRefused = (answer: Answer): answer is FaultAnswer =>
  answer instanceof FaultAnswer && answer.fault === 'upstream_refused_credentials';
