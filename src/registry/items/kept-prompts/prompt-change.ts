import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../../http/errors.js';
import { ContentSettings } from '../../content.settings.js';
import { fieldFault } from '../../rows/field-fault.js';
import { Ownership } from '../../rows/ownership.js';
import { readDefinition, textMember } from '../definition.js';
import type { CreatePromptDto, PromptArgumentWishDto, UpdatePromptDto } from '../dto/prompt-wish.dto.js';
import { upstreamKeyOf } from '../incoming-item.js';
import { ItemChange, type ItemPermissions, storable } from '../item-change.js';
import { type ItemKind, ItemWriter } from '../item-writer.js';
import type { ItemOfGateway } from '../item.repository.js';
import { PromptReader } from '../prompt-reader.js';
import { PromptEntity } from '../prompt.entity.js';
import { upstreamItemPatch } from '../upstream-item-patch.js';
import { declaredArguments } from './declared-arguments.js';
import { PlainTemplate } from './plain-template.js';

const KIND: ItemKind<PromptEntity> = { entity: PromptEntity, noun: 'Prompt' };
const PERMISSIONS: ItemPermissions = { create: 'prompts.create', update: 'prompts.update', delete: 'prompts.delete' };

type Prompt = ItemOfGateway<PromptEntity>;
type Described = Pick<PromptEntity, 'upstreamName' | 'upstreamKey' | 'definition' | 'kept'>;

/** Makes and changes the prompts that the gateway renders itself, and changes how those of upstreams are shown. */
@Injectable()
export class PromptChange extends ItemChange<PromptEntity> {
  constructor(
    reader: PromptReader,
    writer: ItemWriter,
    ownership: Ownership,
    private readonly settings: ContentSettings,
  ) {
    super(reader, writer, ownership, KIND, PERMISSIONS);
  }

  /** @throws GatewayError 403, 409, 413 or 422 */
  async create(caller: Principal, wish: CreatePromptDto): Promise<Prompt> {
    const { tags = [] } = wish;
    const row = { ...(await this.fresh(caller, wish)), ...this.#described(wish), tags };
    await this.writer.insert(KIND, row);
    return { ...row, gateway: null };
  }

  /** @throws GatewayError 403, 404, 409, 413 or 422 */
  async change(caller: Principal, id: string, wish: UpdatePromptDto): Promise<Prompt> {
    const row = await this.reader.demand(caller, PERMISSIONS.update, id);
    const patch =
      row.gatewayId !== null
        ? upstreamItemPatch(row, wish)
        : {
            ...this.#described(wish, row),
            ...(wish.tags !== undefined && { tags: wish.tags }),
            ...(await this.moved(caller, row, wish)),
          };
    await this.writer.update(KIND, row, patch, caller);
    return row;
  }

  /** What follows from the wish and, for what it leaves out, from the row as it was. */
  #described(wish: UpdatePromptDto, before?: Prompt): Described {
    const was = before ? readDefinition(before.definition) : {};
    const name = wish.name ?? before?.upstreamName ?? '';
    const title = wish.displayName ?? textMember(was, 'title');
    const description = wish.description ?? textMember(was, 'description');
    const args = wish.arguments?.map(shownArgument) ?? declaredArguments(was);
    const template = wish.template ?? textMember(before?.kept ?? {}, 'template') ?? '';
    this.#demandTemplate(template, new Set(args.map((argument) => argument.name)));
    const definition = storable(
      { name, ...(title && { title }), ...(description && { description }), arguments: args },
      'name, displayName, description and arguments',
    );
    return {
      upstreamName: name,
      upstreamKey: upstreamKeyOf('name', name),
      definition: JSON.stringify(definition),
      kept: storable({ template }, 'The characters of the template'),
    };
  }

  #demandTemplate(template: string, names: ReadonlySet<string>): void {
    const { maxTemplateBytes: most } = this.settings;
    if (Buffer.byteLength(template) > most)
      throw new GatewayError('payload_too_large', `template is larger than ${most} bytes (CONTENT_MAX_PROMPT_SIZE)`);
    const compiled = PlainTemplate.compile(template, names);
    if ('fault' in compiled) throw fieldFault('template', `template ${compiled.fault}`);
  }
}

const shownArgument = ({ name, description, required = false }: PromptArgumentWishDto) => ({
  name,
  ...(description && { description }),
  required,
});
