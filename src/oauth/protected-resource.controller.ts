import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MCP_PERMISSIONS } from '#libs/policy';
import type { Request } from 'express';
import { BoundSettings } from '../auth/bound/bound.settings.js';
import { type ProtectedResource, ProtectedResources } from '../auth/issuers/protected-resources.js';
import { type Answer, BytesAnswer } from '../http/answer.js';
import { GatewayError } from '../http/errors.js';
import { Public } from '../http/route-policy.js';

const FOR_ALL = 'clients read it before they have a token';
const KEPT = { 'Cache-Control': 'public, max-age=3600' };

/** What the MCP endpoints of public virtual servers with OAuth say of themselves (RFC 9728). */
@ApiTags('oauth')
@Controller()
export class ProtectedResourceController {
  constructor(
    private readonly resources: ProtectedResources,
    private readonly bound: BoundSettings,
  ) {}

  /** The authorization servers whose tokens a virtual server takes, and the scopes to ask them for. */
  @Get('.well-known/oauth-protected-resource/servers/:id/mcp')
  @Public(FOR_ALL)
  metadata(@Param('id') id: string, @Req() { path }: Request): Answer {
    const { resource, metadataUrl } = this.#shown(id);
    const { url, issuers } = resource;
    // The document must be about the very URL that it was found by (section 3.3).
    if (new URL(metadataUrl).pathname !== path) return movedTo(metadataUrl);
    const scopes = resource.scopesFor(MCP_PERMISSIONS);
    const document = {
      resource: url,
      authorization_servers: [...issuers],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: this.bound.algorithms,
      dpop_bound_access_tokens_required: resource.senderConstrained === 'dpop',
      tls_client_certificate_bound_access_tokens: this.bound.knowsCertificates,
      ...(scopes.length > 0 && { scopes_supported: scopes }),
    };
    return new BytesAnswer(200, Buffer.from(JSON.stringify(document)), KEPT);
  }

  /** Where clients of older gateways look. */
  @Get('servers/:id/.well-known/oauth-protected-resource')
  @Public(FOR_ALL)
  moved(@Param('id') id: string): Answer {
    return movedTo(this.#shown(id).metadataUrl);
  }

  /** One answer for unknown, disabled, hidden, and without OAuth. */
  #shown(id: string): { readonly resource: ProtectedResource; readonly metadataUrl: string } {
    const resource = this.resources.find(id);
    if (resource?.metadataUrl === undefined) throw new GatewayError('not_found');
    return { resource, metadataUrl: resource.metadataUrl };
  }
}

const movedTo = (location: string): Answer => new BytesAnswer(301, Buffer.alloc(0), { ...KEPT, Location: location });
