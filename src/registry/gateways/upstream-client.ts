import { Injectable } from '@nestjs/common';
import { Egress, EgressError, refusalOf } from '#libs/egress';
import { FieldRules } from '#libs/fields';
import {
  type Catalogue,
  crawlCatalogue,
  type Discovery,
  discoverUpstream,
  NEWEST_LEGACY,
  UpstreamError,
  type UpstreamTarget,
} from '#libs/mcp';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { GatewayError } from '../../http/errors.js';
import { RegistrySettings } from '../registry.settings.js';
import { fieldFault } from '../rows/field-fault.js';
import type { Connection } from './connection-wish.js';
import type { Transport } from './gateway.entity.js';
import { tlsEventOf } from './trust/tls-event.js';

/** What an upstream is and offers. */
export interface Survey {
  readonly discovery: Discovery;
  readonly catalogue: Catalogue;
}

/** Of an upstream that nobody can be asked for yet: every user has to consent first. */
export const UNSURVEYED: Survey = {
  discovery: {
    era: 'legacy',
    revision: NEWEST_LEGACY,
    capabilities: {},
    serverInfo: undefined,
    instructions: undefined,
    sessionful: true,
  },
  catalogue: { tools: [], resources: [], resourceTemplates: [], prompts: [], skipped: [] },
};

interface Found {
  readonly survey: Survey;
  readonly transport: Transport;
}

const MEBIBYTE = 1024 * 1024;
const MAX_DISCOVERY_BYTES = MEBIBYTE;
const MAX_CATALOGUE_BYTES = 32 * MEBIBYTE;
/** What is stored of a discovery. */
const MAX_STORED_BYTES = 60_000;

/** Asks upstreams on the gateway's own behalf. */
@Injectable()
export class UpstreamClient {
  constructor(
    private readonly egress: Egress,
    private readonly settings: RegistrySettings,
    private readonly fields: FieldRules,
  ) {}

  /** What authorization servers are called by is refused when it is given, not when they are asked. @throws GatewayError 422 */
  demandCallable({ credential }: Connection): void {
    if (credential.type !== 'oauth') return;
    for (const name of ['issuer', 'token_url'] as const) {
      const url = credential.config[name];
      const refusal = url === undefined ? undefined : refusalOf(this.egress, url);
      if (refusal !== undefined) throw fieldFault('oauthConfig', `oauth_config.${name}: ${refusal}`);
    }
  }

  /** @throws GatewayError 422 when the address may not be called, 502 for whatever the upstream did */
  async survey(target: UpstreamTarget): Promise<Survey> {
    const timeoutMs = this.settings.connectTimeoutSeconds * 1000;
    const options = { identity: GATE_IDENTITY, timeoutMs, signal: AbortSignal.timeout(timeoutMs) };
    try {
      const discovery = await discoverUpstream(this.egress, target, { ...options, maxBytes: MAX_DISCOVERY_BYTES });
      refuseLengthy(discovery);
      const catalogue = await crawlCatalogue(this.egress, target, discovery, {
        ...options,
        maxBytes: MAX_CATALOGUE_BYTES,
        fields: this.fields,
      });
      return { discovery, catalogue };
    } catch (error) {
      throw error instanceof UpstreamError ? answerTo(error) : error;
    }
  }

  /**
   * Surveys a new upstream. Where nobody has named the transport, a server without Streamable HTTP is asked for HTTP+SSE.
   * @throws GatewayError
   */
  async find(connection: Connection, named: boolean, ask: (connection: Connection) => Promise<Survey>): Promise<Found> {
    try {
      return { transport: connection.transport, survey: await ask(connection) };
    } catch (error) {
      if (named || !(error instanceof GatewayError) || error.reason !== 'unsupported_transport') throw error;
      const survey = await ask({ ...connection, transport: 'SSE' }).catch(() => undefined);
      if (survey) return { transport: 'SSE', survey };
      throw error;
    }
  }

  /** @throws UpstreamError */
  async discover(target: UpstreamTarget, timeoutMs: number, signal?: AbortSignal): Promise<Discovery> {
    const options = { identity: GATE_IDENTITY, timeoutMs, maxBytes: MAX_DISCOVERY_BYTES, ...(signal && { signal }) };
    const discovery = await discoverUpstream(this.egress, target, options);
    refuseLengthy(discovery);
    return discovery;
  }
}

function refuseLengthy(discovery: Discovery): void {
  if (Buffer.byteLength(JSON.stringify(discovery)) <= MAX_STORED_BYTES) return;
  throw new UpstreamError('too_large', `describes itself with more than ${MAX_STORED_BYTES} bytes`);
}

function answerTo(error: UpstreamError): GatewayError {
  if (error.cause instanceof EgressError && error.reason === 'refused')
    return fieldFault('url', `url: ${error.cause.message}`);
  const text = `Unable to connect to gateway: the upstream ${error.message}`;
  return Object.assign(new GatewayError('upstream_failed', text, tlsEventOf(error) ?? error.reason), { cause: error });
}
