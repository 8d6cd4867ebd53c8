import { Injectable } from '@nestjs/common';
import { Egress, EgressError } from '#libs/egress';
import { FieldRules } from '#libs/fields';
import type { Principal } from '#libs/policy';
import { newId } from '../../../database/new-id.js';
import { GatewayError } from '../../../http/errors.js';
import { type Credential, publicNames } from '../../gateways/credential.js';
import { CredentialVault } from '../../gateways/credential-vault.js';
import { credentialFrom, wishesCredential } from '../../gateways/credential-wish.js';
import type { AuthType } from '../../gateways/gateway.entity.js';
import { fieldFault } from '../../rows/field-fault.js';
import { Ownership, type Wish } from '../../rows/ownership.js';
import { madeBy } from '../../rows/provenance.js';
import type { ItemOfGateway } from '../item.repository.js';
import { type ItemKind, ItemWriter } from '../item-writer.js';
import { ToolReader } from '../tool-reader.js';
import { ToolEntity } from '../tool.entity.js';
import type { CreateToolDto, UpdateToolDto } from './dto/tool-wish.dto.js';
import { type RestCall, restCallOf } from './rest-call.js';
import { addressOf } from './tool-address.js';
import { type ToolDraft, toolDraft } from './tool-draft.js';
import { upstreamToolPatch } from './upstream-tool-patch.js';

export type Tool = ItemOfGateway<ToolEntity>;

const TOOLS: ItemKind<ToolEntity> = { entity: ToolEntity, noun: 'Tool' };

/** Makes tools that the gateway calls itself, and changes those and, as far as that goes, the tools of upstreams. */
@Injectable()
export class ToolChange {
  constructor(
    private readonly reader: ToolReader,
    private readonly ownership: Ownership,
    private readonly vault: CredentialVault,
    private readonly writer: ItemWriter,
    private readonly egress: Egress,
    private readonly fields: FieldRules,
  ) {}

  /** @throws GatewayError 403, 409 or 422 */
  async create(caller: Principal, wish: CreateToolDto): Promise<Tool> {
    const { visibility = 'public', teamId = null } = wish;
    const owned = this.#owned(caller, 'tools.create', { visibility, teamId, ownerEmail: caller.subject });
    const id = newId();
    const draft = this.#draft(wish);
    const credential = credentialFrom(wish);
    refuseShadowing(draft.kept, credential.type, publicNames(credential));
    const tool = {
      ...owned,
      ...draft,
      ...(await this.#sealed(id, credential)),
      id,
      gatewayId: null,
      position: 0,
      enabled: true,
      tags: wish.tags ?? [],
      ...madeBy(caller, new Date()),
    };
    await this.writer.insert(TOOLS, tool);
    return { ...tool, gateway: null };
  }

  /** @throws GatewayError 403, 404, 409 or 422 */
  async change(caller: Principal, id: string, wish: UpdateToolDto): Promise<Tool> {
    const tool = await this.reader.demand(caller, 'tools.update', id);
    const patch = tool.kept ? await this.#keptPatch(caller, tool, wish) : upstreamToolPatch(wish, tool);
    await this.writer.update(TOOLS, tool, patch, caller);
    return tool;
  }

  /** An upstream's tool that is disabled stays so when the upstream is read again. @throws GatewayError 403, 404 or 409 */
  async setEnabled(caller: Principal, id: string, enabled: boolean): Promise<Tool> {
    const tool = await this.reader.demand(caller, 'tools.update', id);
    if (tool.enabled !== enabled) await this.writer.update(TOOLS, tool, { enabled }, caller);
    return tool;
  }

  /** @throws GatewayError 403, 404, or 409 for an upstream's, which the next refresh would bring back */
  async delete(caller: Principal, id: string): Promise<Tool> {
    const tool = await this.reader.demand(caller, 'tools.delete', id);
    if (tool.gateway)
      throw new GatewayError(
        'conflict',
        `The tool belongs to the gateway ${tool.gateway.slug}: disable it here, or remove it at the upstream`,
      );
    await this.writer.delete(TOOLS, tool.id);
    return tool;
  }

  async #keptPatch(caller: Principal, tool: Tool, wish: UpdateToolDto): Promise<Partial<ToolEntity>> {
    const draft = this.#draft(wish, tool);
    return {
      ...draft,
      ...this.#ownershipPatch(caller, tool, wish),
      ...(await this.#credentialPatch(tool, draft.kept, wish)),
      ...(wish.tags !== undefined && { tags: wish.tags }),
    };
  }

  /** What may not be called is refused before it is called, as far as that shows without a look-up. */
  #draft(wish: UpdateToolDto, before?: Tool): ToolDraft {
    const draft = toolDraft(this.fields, wish, before);
    try {
      this.egress.check(new URL(addressOf(draft.kept.url).origin));
      return draft;
    } catch (error) {
      throw error instanceof EgressError ? fieldFault('url', `url: ${error.message}`) : error;
    }
  }

  #ownershipPatch(caller: Principal, tool: Tool, wish: UpdateToolDto): Partial<ToolEntity> {
    const { visibility = tool.visibility, teamId = tool.teamId } = wish;
    if (visibility === tool.visibility && teamId === tool.teamId) return {};
    return this.#owned(caller, 'tools.update', { visibility, teamId, ownerEmail: tool.ownerEmail });
  }

  #owned(caller: Principal, permission: 'tools.create' | 'tools.update', wish: Wish) {
    const { tenant: source, ...owned } = this.ownership.demand(caller, permission, wish);
    return { ...owned, source };
  }

  /** Empty when the credential stays. */
  async #credentialPatch(tool: Tool, call: RestCall, wish: UpdateToolDto): Promise<Partial<ToolEntity>> {
    const { authType, kept } = tool;
    const typeBefore = authType ?? 'none';
    const moved = kept !== null && addressOf(restCallOf(kept).url).origin !== addressOf(call.url).origin;
    if (!moved && !wishesCredential(wish, typeBefore)) {
      refuseShadowing(call, typeBefore, tool.authNames ?? []);
      return {};
    }
    // Whoever may change the address must not thereby have a secret sent to them that they were never shown.
    const before = moved ? undefined : await this.vault.open(tool, 'tools').catch(() => undefined);
    const credential = credentialFrom(wish, before, typeBefore);
    refuseShadowing(call, credential.type, publicNames(credential));
    return this.#sealed(tool.id, credential);
  }

  async #sealed(id: string, credential: Credential) {
    return {
      authType: credential.type,
      authValue: await this.vault.seal(id, credential, 'tools'),
      authNames: publicNames(credential),
    };
  }
}

/** @throws GatewayError 422 when an argument, or a header of every call, would stand where the credential does */
function refuseShadowing({ headers, headerMapping }: RestCall, type: AuthType, names: readonly string[]): void {
  if (type !== 'authheaders') return;
  const sealed = new Set(names.map((name) => name.toLowerCase()));
  const others = [...Object.keys(headers), ...Object.values(headerMapping)];
  const taken = others.find((name) => sealed.has(name.toLowerCase()));
  if (taken !== undefined)
    throw fieldFault('authHeaders', `authHeaders: ${taken} is among the other headers of the tool`);
}
