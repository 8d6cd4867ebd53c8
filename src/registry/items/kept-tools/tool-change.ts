import { Injectable } from '@nestjs/common';
import { Egress, EgressError } from '#libs/egress';
import { FieldRules } from '#libs/fields';
import type { Principal } from '#libs/policy';
import { isDeepStrictEqual } from 'node:util';
import type { Credential } from '../../gateways/credential.js';
import { CredentialReferences } from '../../gateways/credential-references.js';
import { CredentialVault } from '../../gateways/credential-vault.js';
import { credentialFrom, wishesCredential } from '../../gateways/credential-wish.js';
import type { AuthType } from '../../gateways/gateway.entity.js';
import { named, publicNames } from '../../gateways/public-names.js';
import { fieldFault } from '../../rows/field-fault.js';
import { Ownership } from '../../rows/ownership.js';
import { ItemChange, type ItemPermissions } from '../item-change.js';
import type { ItemOfGateway } from '../item.repository.js';
import { type ItemKind, ItemWriter } from '../item-writer.js';
import { ToolReader } from '../tool-reader.js';
import { ToolEntity } from '../tool.entity.js';
import { upstreamItemPatch } from '../upstream-item-patch.js';
import type { CreateToolDto, UpdateToolDto } from './dto/tool-wish.dto.js';
import { type RestCall, restCallOf } from './rest-call.js';
import { addressOf } from './tool-address.js';
import { type ToolDraft, toolDraft } from './tool-draft.js';

export type Tool = ItemOfGateway<ToolEntity>;

const KIND: ItemKind<ToolEntity> = { entity: ToolEntity, noun: 'Tool' };
const PERMISSIONS: ItemPermissions = { create: 'tools.create', update: 'tools.update', delete: 'tools.delete' };

/** Makes tools that the gateway calls itself, and changes those and, as far as that goes, the tools of upstreams. */
@Injectable()
export class ToolChange extends ItemChange<ToolEntity> {
  constructor(
    reader: ToolReader,
    writer: ItemWriter,
    ownership: Ownership,
    private readonly vault: CredentialVault,
    private readonly references: CredentialReferences,
    private readonly egress: Egress,
    private readonly fields: FieldRules,
  ) {
    super(reader, writer, ownership, KIND, PERMISSIONS);
  }

  /** @throws GatewayError 403, 409 or 422 */
  async create(caller: Principal, wish: CreateToolDto): Promise<Tool> {
    const { tags = [] } = wish;
    const fresh = await this.fresh(caller, wish);
    const draft = this.#draft(wish);
    const credential = credentialFrom(wish);
    this.references.demand(caller, credential);
    refuseShadowing(draft.kept, credential.type, publicNames(credential));
    const row = { ...fresh, ...draft, ...(await this.#sealed(fresh.id, credential)), tags };
    await this.writer.insert(KIND, row);
    return { ...row, gateway: null };
  }

  /** @throws GatewayError 403, 404, 409 or 422 */
  async change(caller: Principal, id: string, wish: UpdateToolDto): Promise<Tool> {
    const tool = await this.reader.demand(caller, PERMISSIONS.update, id);
    const patch = tool.kept ? await this.#keptPatch(caller, tool, wish) : upstreamItemPatch(tool, wish);
    await this.writer.update(KIND, tool, patch, caller);
    return tool;
  }

  async #keptPatch(caller: Principal, tool: Tool, wish: UpdateToolDto): Promise<Partial<ToolEntity>> {
    const draft = this.#draft(wish, tool);
    return {
      ...draft,
      ...(await this.moved(caller, tool, wish)),
      ...(await this.#credentialPatch(caller, tool, draft.kept, wish)),
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

  /** Empty when the credential stays. */
  async #credentialPatch(
    caller: Principal,
    tool: Tool,
    call: RestCall,
    wish: UpdateToolDto,
  ): Promise<Partial<ToolEntity>> {
    const { authType, kept } = tool;
    const typeBefore = authType ?? 'none';
    const before = kept && restCallOf(kept);
    const wished = wishesCredential(wish, typeBefore);
    const led = !isDeepStrictEqual(before, call);
    if (!wished && !led) return {};
    const moved = before !== null && addressOf(before.url).origin !== addressOf(call.url).origin;
    // Whoever may change the address must not thereby have a secret sent to them that they were never shown.
    const stored = moved ? undefined : await this.vault.openIfPossible(tool, 'tools');
    // A secret that is kept elsewhere is sent in no other way than an administrator has seen.
    if (stored && led) this.references.demand(caller, stored);
    if (!moved && !wished) {
      refuseShadowing(call, typeBefore, tool.authNames ?? []);
      return {};
    }
    const credential = credentialFrom(wish, stored, typeBefore);
    this.references.demand(caller, credential);
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
  const sealed = new Set(named(names).map(({ name }) => name.toLowerCase()));
  const others = [...Object.keys(headers), ...Object.values(headerMapping)];
  const taken = others.find((name) => sealed.has(name.toLowerCase()));
  if (taken !== undefined)
    throw fieldFault('authHeaders', `authHeaders: ${taken} is among the other headers of the tool`);
}
