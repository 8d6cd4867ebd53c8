import { isJsonObject } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { Requires } from '../../http/route-policy.js';
import { CatalogReader } from '../../registry/catalog/catalog.js';
import { ResourceContentDto } from './dto/resource-content.dto.js';
import { RestCalls } from './rest-calls.js';

@ApiTags('resources')
@Controller('resources')
export class ResourceContentController {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly calls: RestCalls,
  ) {}

  /** The content of a resource that is enabled, kept here or read from its upstream. Where there are several, the first. */
  @Get(':resourceId')
  @Requires('resources.read')
  async read(
    @Caller() caller: Principal,
    @Param('resourceId') given: string,
    @Req() request: Request,
  ): Promise<ResourceContentDto> {
    const id = normaliseId(given);
    const { resources } = this.catalog.current.everything;
    const item = resources.find((resource) => resource.id === id);
    const uri = item?.upstreamName ?? '';
    const unknown = `Resource not found or disabled: ${given}`;
    const question = {
      method: 'resources/read',
      permission: 'resources.read',
      targetName: uri,
      params: { uri },
    } as const;
    const { contents } = await this.calls.ask(caller, item, unknown, question, request);
    const content: unknown = Array.isArray(contents) ? contents[0] : undefined;
    if (!isJsonObject(content)) throw new GatewayError('upstream_failed', 'The upstream sent no content');
    const { mimeType, text, blob } = content;
    return {
      type: 'resource',
      id,
      uri,
      mimeType: typeof mimeType === 'string' ? mimeType : null,
      ...(typeof text === 'string' ? { text } : { blob: typeof blob === 'string' ? blob : '' }),
    };
  }
}
