import { Controller, Delete, Get, Param } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Repository } from 'typeorm';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { Requires } from '../../http/route-policy.js';
import {
  ClientDeletedDto,
  RegisteredClientDto,
  RegisteredClientsDto,
  shownClient,
} from '../dto/registered-client.dto.js';
import { RegisteredClients } from './registered-clients.js';
import { RegisteredOauthClient } from './registered-oauth-client.entity.js';

/** Rows of one answer. */
const MOST = 1000;

/** The registrations of the gateway at authorization servers. */
@ApiTags('oauth')
@Controller('oauth/registered-clients')
export class RegisteredClientController {
  constructor(
    @InjectRepository(RegisteredOauthClient) private readonly rows: Repository<RegisteredOauthClient>,
    private readonly clients: RegisteredClients,
  ) {}

  /** The newest thousand. */
  @Get()
  @Requires('admin.oauth_clients')
  async list(): Promise<RegisteredClientsDto> {
    const [rows, total] = await this.rows.findAndCount({ order: { createdAt: 'DESC', id: 'ASC' }, take: MOST });
    return { total, clients: rows.map(shownClient) };
  }

  /** Those of one gateway. */
  @Get(':gatewayId')
  @Requires('admin.oauth_clients')
  async get(@Param('gatewayId') id: string): Promise<RegisteredClientDto> {
    const row = await this.rows.findOne({ where: { gatewayId: normaliseId(id) }, order: { createdAt: 'DESC' } });
    if (!row) throw new GatewayError('not_found', `No registered client found for gateway: ${id}`);
    return shownClient(row);
  }

  /** Forget a registration by its `id`; users have to connect again, and the gateway registers anew. */
  @Delete(':clientId')
  @Requires('admin.oauth_clients')
  async delete(@Caller() caller: Principal, @Param('clientId') id: string): Promise<ClientDeletedDto> {
    const row = await this.clients.delete(caller, id);
    return { success: true, message: `Registered client ${row.id} deleted` };
  }
}
