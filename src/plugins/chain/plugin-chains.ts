import { Injectable } from '@nestjs/common';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import type { Hook } from '../hooks.js';
import type { ActivePlugin } from './active-plugin.js';
import { TargetChain } from './target-chain.js';

/** Chains of one target are kept for so many pairs of server and tenant. */
const MOST_PLACES = 1000;

interface Compiled {
  readonly plugins: readonly ActivePlugin[];
  readonly hooks: ReadonlySet<Hook>;
  readonly byTarget: WeakMap<object, Map<string, TargetChain>>;
}

const NO_TARGET = Object.freeze({ upstreamName: '', name: '', id: '', teamId: null });

function compiled(plugins: readonly ActivePlugin[]): Compiled {
  const hooks = new Set(plugins.flatMap(({ run }) => [...run.hooks]));
  return { plugins, hooks, byTarget: new WeakMap() };
}

/** The plugins that run, swapped whole when their configuration changes; calls under way end with those they began with. */
@Injectable()
export class PluginChains {
  #compiled = compiled([]);

  get isEmpty(): boolean {
    return this.#compiled.plugins.length === 0;
  }

  get plugins(): readonly ActivePlugin[] {
    return this.#compiled.plugins;
  }

  replace(plugins: readonly ActivePlugin[]): void {
    this.#compiled = compiled(plugins);
  }

  /** Whether any plugin has one of these hooks; says in no time what concerns nobody. */
  serves(...hooks: readonly Hook[]): boolean {
    return hooks.some((hook) => this.#compiled.hooks.has(hook));
  }

  /** @param asked by which the call names the target, where that is a name of many things, as a template is */
  of(
    target: Pick<CatalogItem, 'id' | 'name' | 'upstreamName' | 'teamId'> | undefined,
    serverId: string | undefined,
    tenantId: string | undefined,
    asked?: string,
  ): TargetChain {
    const { plugins, byTarget } = this.#compiled;
    const { id, name, upstreamName, teamId } = target ?? NO_TARGET;
    const tenantIds = [tenantId, teamId].filter((team) => typeof team === 'string');
    const names = target ? [name, upstreamName, id] : [];
    if (target && 'template' in target && asked !== undefined)
      return new TargetChain(plugins, { serverId, tenantIds, names: [...names, asked] });
    let places = byTarget.get(target ?? NO_TARGET);
    if (!places) byTarget.set(target ?? NO_TARGET, (places = new Map()));
    const key = `${serverId ?? ''} ${tenantId ?? ''}`;
    let chain = places.get(key);
    if (!chain) {
      if (places.size >= MOST_PLACES) places.clear();
      places.set(key, (chain = new TargetChain(plugins, { serverId, tenantIds, names })));
    }
    return chain;
  }
}
