import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import type { Request, Response } from 'express';
import type { Answer } from '../../http/answer.js';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { Requires, SignedIn } from '../../http/route-policy.js';
import { GatewayRefresh } from '../../registry/gateways/gateway-refresh.js';
import { RedirectUris } from '../clients/redirect-uris.js';
import { DisconnectedDto } from '../dto/disconnected.dto.js';
import { FetchedToolsDto, OauthStatusDto } from '../dto/oauth-status.dto.js';
import { ConnectionErrorFilter } from './connection-error.filter.js';
import { ConnectionPage } from './connection-page.js';
import { ConnectionStatus } from './connection-status.js';
import { Connections } from './connections.js';
import { Disconnection } from './disconnection.js';

/** Characters; a code and a state are far shorter. */
const LONGEST_QUERY = 8192;

/** Where users connect their accounts at upstreams. */
@ApiTags('oauth')
@Controller('oauth')
export class ConnectionController {
  constructor(
    private readonly connections: Connections,
    private readonly disconnections: Disconnection,
    private readonly statuses: ConnectionStatus,
    private readonly refresher: GatewayRefresh,
    private readonly redirects: RedirectUris,
  ) {}

  /** Go to the authorization server of an upstream, to consent that the gateway calls it in your name. */
  @Get('authorize/:gatewayId')
  @Requires('gateways.read')
  @UseFilters(ConnectionErrorFilter)
  async authorize(
    @Caller() caller: Principal,
    @Param('gatewayId') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const url = await this.connections.begin(caller, id);
    response.redirect(307, url.href);
  }

  /** Where authorization servers send users back to. Only who began a connection can end it. */
  @Get(['callback', 'callback/:server'])
  @SignedIn()
  @UseFilters(ConnectionErrorFilter)
  async callback(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Param('server') server?: string,
  ): Promise<Answer> {
    const at = request.originalUrl.indexOf('?');
    const text = at < 0 ? '' : request.originalUrl.slice(at + 1);
    const query = new URLSearchParams(text);
    if (text.length > LONGEST_QUERY || !query.get('state')) throw new GatewayError('bad_request', 'state is required');
    try {
      const { name } = await this.connections.finish(caller, this.redirects.at(server), query);
      return new ConnectionPage(200, 'Connected', [
        `Your account at “${name}” is connected for ${caller.subject}.`,
        'You can close this page and call again.',
      ]);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return new ConnectionPage(error.status, 'Not connected', [error.message]);
    }
  }

  /** How a gateway gets its tokens, and whether your account is connected. */
  @Get('status/:gatewayId')
  @Requires('gateways.read')
  status(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<OauthStatusDto> {
    return this.statuses.of(caller, id);
  }

  /** Forget your tokens at an upstream, and revoke them where its authorization server lets us. */
  @Delete('connections/:gatewayId')
  @Requires('gateways.read')
  disconnect(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<DisconnectedDto> {
    return this.disconnections.of(caller, id);
  }

  /** Read what the upstream offers, with your own token where it wants one. */
  @Post('fetch-tools/:gatewayId')
  @HttpCode(200)
  @Requires('gateways.update')
  async fetchTools(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<FetchedToolsDto> {
    const { toolsAdded } = await this.refresher.refresh(caller, id);
    return { success: true, message: `Successfully fetched and created ${toolsAdded} tools` };
  }
}
