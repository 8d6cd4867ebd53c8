import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { JsonObject } from '#libs/mcp';
import type { Request, Response } from 'express';
import { type QueryParameters, readScimQuery, readShown } from '../query/scim-query.js';
import { type ListResponse, listResponse } from '../resources/list-response.js';
import { ScimClients } from '../scim-clients.js';
import { ScimController, ScimRead, ScimWrite } from '../scim-route.js';
import { UserProvisioning } from './user-provisioning.js';
import { UserReader } from './user-reader.js';
import { type ProvisionedUser, scimUser, type ScimUser } from './scim-user.js';

type Shown = Partial<ScimUser>;

/** Accounts of an identity provider (RFC 7644 section 3). */
@ScimController('Users')
export class ScimUserController {
  constructor(
    private readonly clients: ScimClients,
    private readonly reader: UserReader,
    private readonly provisioning: UserProvisioning,
  ) {}

  @Get()
  @ScimRead()
  async list(@Req() request: Request, @Query() query: QueryParameters): Promise<ListResponse<Shown>> {
    const [, client] = this.clients.of(request);
    const wish = readScimQuery(query);
    const [rows, total] = await this.reader.list(client, wish);
    const shown = rows.map((row) => wish.projection(this.#shown(row)));
    return listResponse(shown, total, wish.startIndex);
  }

  @Get(':id')
  @ScimRead()
  async get(@Req() request: Request, @Param('id') id: string, @Query() query: QueryParameters): Promise<Shown> {
    const [, client] = this.clients.of(request);
    return readShown(query)(this.#shown(await this.reader.get(client, id)));
  }

  @Post()
  @ScimWrite()
  async create(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body() body: JsonObject = {},
  ): Promise<Shown> {
    const made = this.#shown(await this.provisioning.create(...this.clients.of(request), body));
    response.setHeader('Location', made.meta.location);
    return made;
  }

  @Put(':id')
  @ScimWrite()
  async replace(@Req() request: Request, @Param('id') id: string, @Body() body: JsonObject = {}): Promise<Shown> {
    return this.#shown(await this.provisioning.replace(...this.clients.of(request), id, body));
  }

  @Patch(':id')
  @ScimWrite()
  async patch(@Req() request: Request, @Param('id') id: string, @Body() body: JsonObject = {}): Promise<Shown> {
    return this.#shown(await this.provisioning.patch(...this.clients.of(request), id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ScimWrite()
  async remove(@Req() request: Request, @Param('id') id: string): Promise<void> {
    await this.provisioning.remove(...this.clients.of(request), id);
  }

  #shown(row: ProvisionedUser): ScimUser {
    return scimUser(row, this.clients.base);
  }
}
