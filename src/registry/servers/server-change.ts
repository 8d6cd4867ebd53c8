import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { BoundSettings } from '../../auth/bound/bound.settings.js';
import { newId } from '../../database/new-id.js';
import { Ownership } from '../rows/ownership.js';
import { fieldFault } from '../rows/field-fault.js';
import { madeBy } from '../rows/provenance.js';
import type { CreateServerDto, UpdateServerDto } from './dto/server-wish.dto.js';
import type { ServerEntity } from './server.entity.js';
import { ServerItems } from './server-items.js';
import { type ChosenIds, ServerLinkRepository } from './server-link.repository.js';
import { ServerOauth } from './server-oauth.js';
import { ServerReader } from './server-reader.js';
import { ServerWriter } from './server-writer.js';

/** Makes and changes virtual servers. */
@Injectable()
export class ServerChange {
  constructor(
    private readonly reader: ServerReader,
    private readonly ownership: Ownership,
    private readonly items: ServerItems,
    private readonly links: ServerLinkRepository,
    private readonly writer: ServerWriter,
    private readonly oauth: ServerOauth,
    private readonly bound: BoundSettings,
  ) {}

  /** @throws GatewayError 403, 409 or 422 */
  async create(caller: Principal, wish: CreateServerDto): Promise<ServerEntity> {
    const { visibility = 'public', teamId = null, toolNaming = 'prefixed', toolSearch = 'off' } = wish;
    this.#assertMeetable(wish);
    const place = { visibility, teamId, ownerEmail: caller.subject };
    const owned = await this.ownership.demand(caller, 'servers.create', place);
    const chosen = await this.items.choose(caller, wish);
    await this.items.refuseCollisions(toolNaming, chosen);
    const server = {
      ...owned,
      id: wish.id ?? newId(),
      name: wish.name,
      description: wish.description ?? '',
      toolNaming,
      toolSearch,
      senderConstrained: wish.senderConstrained ?? 'none',
      enabled: true,
      tags: wish.tags ?? [],
      icon: wish.icon || null,
      ...this.oauth.choose(wish),
      ...madeBy(caller, new Date()),
    };
    await this.writer.insert(server, chosen);
    return server;
  }

  /** @throws GatewayError 403, 404, 409 or 422 */
  async change(caller: Principal, id: string, wish: UpdateServerDto): Promise<ServerEntity> {
    const server = await this.reader.demand(caller, 'servers.update', id);
    this.#assertMeetable(wish);
    const chosen = await this.items.choose(caller, wish);
    const { toolNaming = server.toolNaming } = wish;
    await this.items.refuseCollisions(toolNaming, await this.#contents(server, chosen));
    const oauth = this.oauth.choose(wish, server);
    const ownership = await this.#ownershipPatch(caller, server, wish);
    const patch = { ...plainPatch(wish), ...oauth, toolNaming, ...ownership };
    await this.writer.update(server, patch, caller, chosen);
    return server;
  }

  async setEnabled(caller: Principal, id: string, enabled: boolean): Promise<ServerEntity> {
    const server = await this.reader.demand(caller, 'servers.update', id);
    if (server.enabled !== enabled) await this.writer.update(server, { enabled }, caller);
    return server;
  }

  async delete(caller: Principal, id: string): Promise<ServerEntity> {
    const server = await this.reader.demand(caller, 'servers.delete', id);
    await this.writer.delete(server.id);
    return server;
  }

  #assertMeetable({ senderConstrained }: UpdateServerDto): void {
    if (senderConstrained === 'mtls' && !this.bound.knowsCertificates)
      throw fieldFault('senderConstrained', 'senderConstrained: mtls needs MTLS_CLIENT_CERT_HEADER, or nobody gets in');
  }

  async #ownershipPatch(
    caller: Principal,
    server: ServerEntity,
    wish: UpdateServerDto,
  ): Promise<Partial<ServerEntity>> {
    const { visibility = server.visibility, teamId = server.teamId } = wish;
    if (visibility === server.visibility && teamId === server.teamId) return {};
    const place = { visibility, teamId, ownerEmail: server.ownerEmail };
    return this.ownership.demand(caller, 'servers.update', place, server);
  }

  /** What the server will offer of tools and prompts once the change is made. */
  async #contents({ id }: ServerEntity, { tools, prompts }: ChosenIds): Promise<ChosenIds> {
    return {
      tools: tools ?? (await this.links.itemIds('tools', id)),
      prompts: prompts ?? (await this.links.itemIds('prompts', id)),
    };
  }
}

function plainPatch({
  name,
  description,
  tags,
  icon,
  toolSearch,
  senderConstrained,
}: UpdateServerDto): Partial<ServerEntity> {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(toolSearch !== undefined && { toolSearch }),
    ...(senderConstrained !== undefined && { senderConstrained }),
    ...(icon !== undefined && { icon: icon || null }),
  };
}
