import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Ownership } from '../../rows/ownership.js';
import { fieldFault } from '../../rows/field-fault.js';
import { readDefinition, textMember } from '../definition.js';
import type { CreateResourceDto, UpdateResourceDto } from '../dto/resource-wish.dto.js';
import { upstreamKeyOf } from '../incoming-item.js';
import { ItemChange, type ItemPermissions, storable } from '../item-change.js';
import { type ItemKind, ItemWriter } from '../item-writer.js';
import type { ItemOfGateway } from '../item.repository.js';
import { ResourceReader } from '../resource-reader.js';
import { ResourceEntity } from '../resource.entity.js';
import { upstreamItemPatch } from '../upstream-item-patch.js';
import { ContentRules, type GivenContent } from './content-rules.js';
import { readKeptContent } from './kept-content.js';
import { ResourceContents } from './resource-contents.js';

const KIND: ItemKind<ResourceEntity> = { entity: ResourceEntity, noun: 'Resource' };
const PERMISSIONS: ItemPermissions = {
  create: 'resources.create',
  update: 'resources.update',
  delete: 'resources.delete',
};

type Resource = ItemOfGateway<ResourceEntity>;
type Described = Pick<ResourceEntity, 'upstreamName' | 'upstreamKey' | 'definition' | 'kept'>;

/** Makes and changes the resources that the gateway keeps, and changes how those of upstreams are shown. */
@Injectable()
export class ResourceChange extends ItemChange<ResourceEntity> {
  constructor(
    reader: ResourceReader,
    writer: ItemWriter,
    ownership: Ownership,
    private readonly contents: ResourceContents,
    private readonly rules: ContentRules,
  ) {
    super(reader, writer, ownership, KIND, PERMISSIONS);
  }

  /** @throws GatewayError 403, 409, 413, 415 or 422 */
  async create(caller: Principal, wish: CreateResourceDto): Promise<Resource> {
    const given = this.rules.given(wish);
    if (!given) throw fieldFault('content', 'content is required, as text, or blob as base64', 'missing');
    const { tags = [] } = wish;
    const row = { ...(await this.fresh(caller, wish)), ...this.#described(wish, given), tags, isTemplate: false };
    await this.writer.insert(KIND, row, (manager) => this.contents.replace(manager, row.id, given.bytes));
    return { ...row, gateway: null };
  }

  /** @throws GatewayError 403, 404, 409, 413, 415 or 422 */
  async change(caller: Principal, id: string, wish: UpdateResourceDto): Promise<Resource> {
    const row = await this.reader.demand(caller, PERMISSIONS.update, id);
    if (row.gatewayId !== null) {
      await this.writer.update(KIND, row, upstreamItemPatch(row, wish), caller);
      return row;
    }
    const given = this.rules.given(wish);
    const patch = {
      ...this.#described(wish, given, row),
      ...(wish.tags !== undefined && { tags: wish.tags }),
      ...(await this.moved(caller, row, wish)),
    };
    const more =
      given &&
      (async (manager: Parameters<ResourceContents['replace']>[0]) => {
        await this.contents.replace(manager, row.id, given.bytes);
      });
    await this.writer.update(KIND, row, patch, caller, more);
    return row;
  }

  /** What follows from the wish and, for what it leaves out, from the row as it was. */
  #described(wish: UpdateResourceDto, given: GivenContent | undefined, before?: Resource): Described {
    const was: JsonObject = before ? readDefinition(before.definition) : {};
    const kept = given?.kept ?? readKeptContent(before?.kept ?? null);
    const uri = wish.uri ?? before?.upstreamName ?? '';
    const fallback = kept?.form === 'blob' ? 'application/octet-stream' : 'text/plain';
    const mimeType = wish.mimeType ?? textMember(was, 'mimeType') ?? fallback;
    this.rules.demandMimeType(mimeType);
    const title = wish.displayName ?? textMember(was, 'title');
    const description = wish.description ?? textMember(was, 'description');
    const definition = storable(
      {
        uri,
        name: wish.name ?? textMember(was, 'name') ?? uri,
        ...(title && { title }),
        ...(description && { description }),
        mimeType,
        size: kept?.bytes ?? 0,
      },
      'name, displayName and description',
    );
    return {
      upstreamName: uri,
      upstreamKey: upstreamKeyOf('uri', uri),
      definition: JSON.stringify(definition),
      kept: kept && { ...kept },
    };
  }
}
