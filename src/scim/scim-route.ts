import { applyDecorators, Controller, Header, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Requires } from '../http/route-policy.js';
import { ScimErrorFilter } from './scim-error.filter.js';
import { SCIM_JSON } from './scim-media-type.js';

/** Where the resources of SCIM are. Its own `/Schemas` describes them; `/openapi.json` does not. */
export const ScimController = (path = ''): ClassDecorator =>
  applyDecorators(Controller(`scim/v2/${path}`), UseFilters(ScimErrorFilter), ApiExcludeController());

const route = (permission: 'scim.read' | 'scim.write'): MethodDecorator =>
  applyDecorators(Requires(permission), Header('Content-Type', SCIM_JSON));

export const ScimRead = (): MethodDecorator => route('scim.read');
export const ScimWrite = (): MethodDecorator => route('scim.write');
