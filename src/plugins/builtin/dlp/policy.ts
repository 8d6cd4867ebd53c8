import { fitsPattern } from '../../chain/conditions.js';
import type { CallFacts } from '../../plugin-context.js';
import { familyOf } from './data-classes.js';
import { type Action, ACTIONS, type Direction, type DlpPolicyDto } from './dlp.settings.js';

/** Where content goes to, or comes from, in the words of policies; hosts in lower case. */
export interface Place {
  readonly gateways: readonly string[];
  readonly tools: readonly string[];
  readonly servers: readonly string[];
  readonly hosts: readonly string[];
  readonly teams: readonly string[];
}

/** @param name of what is called, where the catalogue doesn't tell */
export function placeOf({ target, serverId, tenantId }: CallFacts, name: string | undefined): Place {
  const gateway = target?.gateway;
  return {
    gateways: known(gateway?.slug, gateway?.name, gateway?.id),
    tools: target ? [target.name, target.upstreamName] : known(name),
    servers: known(serverId),
    hosts: known(gateway?.target.url.hostname),
    teams: known(tenantId, target?.teamId),
  };
}

const known = (...names: readonly (string | null | undefined)[]): string[] =>
  names.filter((name): name is string => typeof name === 'string');

/** One rule: which classes of data, on which way, and what becomes of them. */
export class Policy {
  readonly name: string;
  readonly action: Action;
  readonly #classes: ReadonlySet<string>;
  readonly #directions: ReadonlySet<Direction>;
  readonly #lists: readonly (readonly [keyof Place, readonly string[]])[];

  constructor({ name, action, classes, directions, destinations, teams }: DlpPolicyDto) {
    const { gateways, tools, servers, hosts } = destinations;
    const lists = { gateways, tools, servers, hosts: hosts.map((host) => host.toLowerCase()), teams };
    this.name = name;
    this.action = action;
    this.#classes = new Set(classes);
    this.#directions = new Set(directions);
    this.#lists = (Object.entries(lists) as [keyof Place, string[]][]).filter(([, patterns]) => patterns.length > 0);
  }

  appliesTo(direction: Direction, place: Place): boolean {
    return this.#directions.has(direction) && this.#lists.every(([list, patterns]) => admits(patterns, place[list]));
  }

  concerns(dataClass: string): boolean {
    return this.#classes.has(dataClass) || this.#classes.has(familyOf(dataClass));
  }

  names(family: string): boolean {
    for (const dataClass of this.#classes) if (familyOf(dataClass) === family) return true;
    return false;
  }
}

export const strictest = (actions: readonly Action[]): Action =>
  ACTIONS.findLast((action) => actions.includes(action)) ?? 'alert';

function admits(patterns: readonly string[], names: readonly string[]): boolean {
  const fits = (pattern: string): boolean => names.some((name) => fitsPattern(pattern, name));
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  return wanted.length === 0 || wanted.some(fits);
}
