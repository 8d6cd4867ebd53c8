import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { Public } from '../../http/route-policy.js';
import { ClientRegistration } from './client-registration.js';
import { OauthClients } from './oauth-clients.js';
import { RedirectUris } from './redirect-uris.js';

const KEPT = { 'Cache-Control': 'public, max-age=3600' };

@ApiTags('oauth')
@Controller('oauth')
export class ClientDocumentController {
  constructor(
    private readonly clients: OauthClients,
    private readonly registration: ClientRegistration,
    private readonly redirects: RedirectUris,
  ) {}

  /** What the gateway says of itself as a client (OAuth Client ID Metadata Document); its own address is its client_id. */
  @Get('client.json')
  @Public('authorization servers read it')
  document(): Answer {
    const { documentUrl } = this.clients;
    if (documentUrl === undefined) throw new GatewayError('not_found');
    const document = {
      client_id: documentUrl,
      client_name: this.registration.clientName('all gateways'),
      application_type: 'web',
      redirect_uris: [this.redirects.at()],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
    return new BytesAnswer(200, Buffer.from(JSON.stringify(document)), KEPT);
  }
}
