import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { tenantOf } from '../guard/call-facts.js';
import { IntegrityKeeper, isRefusing } from './integrity-keeper.js';

/** Tools that a guardrail lets nobody call. Models are not told of them either: a definition does its harm by being read. */
@Injectable()
export class UntrustedTools {
  constructor(private readonly chains: PluginChains) {}

  /** Another one when other plugins run. */
  get version(): object {
    return this.chains.plugins;
  }

  /** Whether lists leave the tool out. */
  hides(tool: CatalogItem, serverId: string | undefined, principal: Principal): boolean {
    if (!tool.gateway || tool.standing === 'approved' || !this.#anyKeeper()) return false;
    const chain = this.chains.of(tool, serverId, tenantOf(principal, tool));
    return chain
      .steps('tool_pre_invoke')
      .some(({ plugin }) => plugin.plugin instanceof IntegrityKeeper && isRefusing(plugin.run.mode) && !plugin.off);
  }

  #anyKeeper(): boolean {
    return this.chains.plugins.some(({ plugin }) => plugin instanceof IntegrityKeeper);
  }
}
