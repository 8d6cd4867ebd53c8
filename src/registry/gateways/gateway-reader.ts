import { Injectable } from '@nestjs/common';
import type { Permission, Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService } from '../../rbac/access.service.js';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { RegistrySettings } from '../registry.settings.js';
import type { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { withChangeable } from '../rows/changeable.js';
import { pageWish } from '../rows/page-wish.js';
import type { Page } from '../rows/registry-page.js';
import { GatewayDto, shownGateway } from './dto/gateway.dto.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayRepository } from './gateway.repository.js';

/** Finds gateways for those who may see them. */
@Injectable()
export class GatewayReader {
  constructor(
    private readonly gateways: GatewayRepository,
    private readonly tools: ToolRepository,
    private readonly resources: ResourceRepository,
    private readonly prompts: PromptRepository,
    private readonly access: AccessService,
    private readonly settings: RegistrySettings,
  ) {}

  async list(caller: Principal, query: ListQueryDto): Promise<Page<GatewayEntity>> {
    const page = await this.gateways.page(caller, pageWish(query, this.settings));
    const seen = this.access.visible(caller, 'gateways.read', page.rows);
    return { ...page, rows: seen.map((row) => withChangeable(this.access, caller, 'gateways.read', row)) };
  }

  /** @throws GatewayError `not_found`, also for what the caller may not see; `access_denied` for what is not theirs to change */
  async demand(caller: Principal, permission: Permission, id: string): Promise<GatewayEntity> {
    const row = await this.gateways.find(normaliseId(id));
    const seen = row && this.access.check(caller, 'gateways.read', row).allowed;
    if (!row || !seen) throw new GatewayError('not_found', `Gateway not found: ${id}`);
    if (permission !== 'gateways.read') this.access.demand(caller, permission, row);
    return withChangeable(this.access, caller, 'gateways.read', row);
  }

  /** As answers show them. */
  async shown(rows: readonly GatewayEntity[]): Promise<GatewayDto[]> {
    const ids = rows.map(({ id }) => id);
    const counts = {
      tools: await this.tools.countsOf(ids),
      resources: await this.resources.countsOf(ids),
      prompts: await this.prompts.countsOf(ids),
    };
    return rows.map((row) =>
      shownGateway(row, {
        toolCount: counts.tools.get(row.id) ?? 0,
        resourceCount: counts.resources.get(row.id) ?? 0,
        promptCount: counts.prompts.get(row.id) ?? 0,
      }),
    );
  }
}
