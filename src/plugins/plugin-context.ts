import { Content, type Written } from '#libs/guardrails';
import type { WrittenNumbers } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import type { CatalogItem } from '../registry/catalog/catalog.js';

/** Who calls what, as every plugin of one request sees it. */
export interface CallFacts {
  readonly requestId: string;
  /** E-mail; `anonymous` for nobody. */
  readonly user: string;
  readonly principal: Principal | undefined;
  /** The team whose token it is, or whose item is called. */
  readonly tenantId: string | undefined;
  readonly serverId: string | undefined;
  /** The tool, prompt or resource; undefined where a hook is not about one. */
  readonly target: CatalogItem | undefined;
  readonly clientAddress: string;
  readonly userAgent: string;
}

/** What the plugins of one request share, from its first hook to its last. */
export class RequestState {
  /** Between plugins. */
  readonly shared = new Map<string, unknown>();
  /** Of one plugin, kept from its first hook to its last. */
  readonly #local = new WeakMap<object, Map<string, unknown>>();
  readonly #contents = new WeakMap<object, Content>();

  local(plugin: object): Map<string, unknown> {
    let map = this.#local.get(plugin);
    if (!map) this.#local.set(plugin, (map = new Map()));
    return map;
  }

  content(value: object, written?: Written): Content {
    let content = this.#contents.get(value);
    if (!content) this.#contents.set(value, (content = Content.of(value, undefined, written)));
    return content;
  }
}

/** What one plugin is told beside the payload. */
export class PluginContext {
  #timeout: AbortController | undefined;
  readonly #written = (value: number): readonly string[] => this.numbers?.of(value) ?? [String(value)];

  constructor(
    readonly facts: CallFacts,
    private readonly request: RequestState,
    private readonly plugin: object,
    private readonly numbers?: WrittenNumbers,
  ) {}

  /** Shared by all plugins of the request. */
  get state(): Map<string, unknown> {
    return this.request.shared;
  }

  /** This plugin's alone, from its first hook of the request to its last. */
  get local(): Map<string, unknown> {
    return this.request.local(this.plugin);
  }

  /** Aborted when the plugin's time is over. */
  get signal(): AbortSignal {
    return (this.#timeout ??= new AbortController()).signal;
  }

  /** The value as all guardrails read it: walked once, however many ask. */
  content(value: object): Content {
    return this.request.content(value, this.#written);
  }

  /**
   * JSON of something in which parts of the payload stand, with its numbers as they were written.
   * @throws RangeError where it can't be told which one a number was that a double does not hold
   */
  json(value: unknown): string {
    return this.numbers?.stringifyMoved(value) ?? JSON.stringify(value);
  }

  /** For the chain alone. */
  abort(): void {
    this.#timeout?.abort();
  }
}
