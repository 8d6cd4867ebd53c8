import { Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { GatewayError } from '../../http/errors.js';
import { ScimClients } from '../scim-clients.js';
import { ScimController, ScimRead } from '../scim-route.js';
import { type ListResponse, listResponse } from './list-response.js';
import { resourceSchemas } from './resource-schemas.js';
import { resourceTypes } from './resource-types.js';
import { serviceProviderConfig } from './service-provider-config.js';

/** What of SCIM there is (RFC 7644 section 4). */
@ScimController()
export class ScimDiscoveryController {
  constructor(private readonly clients: ScimClients) {}

  @Get('ServiceProviderConfig')
  @ScimRead()
  config(@Req() request: Request): object {
    return serviceProviderConfig(this.#base(request));
  }

  @Get('ResourceTypes')
  @ScimRead()
  types(@Req() request: Request): ListResponse<object> {
    return listResponse(resourceTypes(this.#base(request)));
  }

  @Get('ResourceTypes/:name')
  @ScimRead()
  type(@Req() request: Request, @Param('name') name: string): object {
    return named(resourceTypes(this.#base(request)), name);
  }

  @Get('Schemas')
  @ScimRead()
  schemas(@Req() request: Request): ListResponse<object> {
    return listResponse(resourceSchemas(this.#base(request)));
  }

  @Get('Schemas/:urn')
  @ScimRead()
  schema(@Req() request: Request, @Param('urn') urn: string): object {
    return named(resourceSchemas(this.#base(request)), urn);
  }

  #base(request: Request): string {
    this.clients.of(request);
    return this.clients.base;
  }
}

function named(all: readonly { readonly id: string }[], id: string): object {
  const found = all.find((each) => each.id === id);
  if (!found) throw new GatewayError('not_found');
  return found;
}
