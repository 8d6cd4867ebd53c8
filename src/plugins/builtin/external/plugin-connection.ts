import { setTimeout as pause } from 'node:timers/promises';
import {
  Budget,
  discoverUpstream,
  type JsonObject,
  LegacySession,
  ModernPeer,
  STDIO,
  UpstreamError,
  type UpstreamHttp,
  type UpstreamTarget,
} from '#libs/mcp';
import { GATE_IDENTITY } from '../../../config/gate-identity.js';
import { PluginFaultError } from '../../chain/run-hook.js';
import { type Hook, HOOKS } from '../../hooks.js';
import { toolValue } from './tool-value.js';

/** Waits before the second and the third attempt, milliseconds. */
const BACK_OFF_MS = [100, 400];
/** Of one attempt. */
const OPENING = { timeoutMs: 10_000, maxBytes: 1024 * 1024 };
/** So long after all attempts have failed nobody tries anew. */
const REST_MS = 1000;
/** Longer than any plugin's time; that is told by a signal. */
const LONGEST_MS = 660_000;
/** Of one answer: a payload may be as large as what the gateway takes from an upstream. */
const MOST_BYTES = 20 * 1024 * 1024;

interface Opened {
  readonly peer: LegacySession | ModernPeer;
  /** That the server's configuration of the plugin has. */
  readonly hooks: ReadonlySet<Hook>;
  users: number;
  dropped: boolean;
}

/** The session with the server of one plugin: opened when it is first needed, once for all who wait, and again when it is lost. */
export class PluginConnection {
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;
  #hooks: ReadonlySet<Hook> | undefined;
  readonly #closing = new AbortController();

  constructor(
    private readonly http: UpstreamHttp,
    private readonly target: UpstreamTarget,
    private readonly name: string,
  ) {}

  /** Those that the server said the plugin has; undefined until it was asked. */
  get hooks(): ReadonlySet<Hook> | undefined {
    return this.#hooks;
  }

  /** @throws PluginFaultError */
  async open(): Promise<ReadonlySet<Hook>> {
    return (await this.#session()).hooks;
  }

  /**
   * What the tool `invoke_hook` answers.
   * @throws PluginFaultError
   */
  async invoke(args: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const first = await this.#session();
    try {
      return await this.#ask(first, args, signal).catch(async (error: unknown) => {
        // The server did not know the session, so the hook has not run.
        if (error instanceof UpstreamError && isLost(error)) return this.#ask(await this.#session(), args, signal);
        throw error;
      });
    } catch (error) {
      throw faultOf(error);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const opened = await this.#opening?.catch(() => undefined);
    if (opened) await end(opened);
  }

  async #ask(opened: Opened, args: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const budget = new Budget({ timeoutMs: LONGEST_MS, maxBytes: MOST_BYTES, signal });
    opened.users += 1;
    try {
      return toolValue(await opened.peer.request('tools/call', { name: 'invoke_hook', arguments: args }, budget));
    } catch (error) {
      const lost = error instanceof UpstreamError && isLost(error);
      // A process that did not answer may never do: others get a new one.
      if (lost || (signal.aborted && this.target.url.protocol === STDIO)) this.#drop(opened);
      throw error;
    } finally {
      opened.users -= 1;
      if (opened.dropped && opened.users === 0) void end(opened);
    }
  }

  #session(): Promise<Opened> {
    if (this.#failed && performance.now() - this.#failed.at < REST_MS)
      return Promise.reject(faultOf(this.#failed.error));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      this.#failed = { at: performance.now(), error };
      throw faultOf(error);
    });
    return this.#opening;
  }

  /** It ends when nobody uses it any more. */
  #drop(opened: Opened): void {
    opened.dropped = true;
    if (this.#opened !== opened) return;
    this.#opened = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<Opened> {
    for (const wait of BACK_OFF_MS) {
      try {
        return await this.#attempt();
      } catch (error) {
        if (error instanceof PluginFaultError || this.#closing.signal.aborted) throw error;
        await pause(wait, undefined, { signal: this.#closing.signal });
      }
    }
    return this.#attempt();
  }

  async #attempt(): Promise<Opened> {
    const { signal } = this.#closing;
    const peer = await this.#peer(signal);
    try {
      const asked = { name: 'get_plugin_config', arguments: { name: this.name } };
      const config = toolValue(await peer.request('tools/call', asked, new Budget({ ...OPENING, signal })));
      const { hooks } = config;
      const named = Array.isArray(hooks) ? HOOKS.filter((hook) => hooks.includes(hook)) : [];
      this.#hooks = new Set(named);
      return (this.#opened = { peer, hooks: this.#hooks, users: 0, dropped: false });
    } catch (error) {
      if (peer instanceof LegacySession) await peer.close();
      throw error;
    }
  }

  async #peer(signal: AbortSignal): Promise<Opened['peer']> {
    const { http, target } = this;
    if (target.eraPin !== 'legacy') {
      const { era, revision } = await discoverUpstream(http, target, { ...OPENING, identity: GATE_IDENTITY, signal });
      if (era === 'modern') return new ModernPeer(http, target, GATE_IDENTITY, revision);
    }
    return LegacySession.open(http, target, GATE_IDENTITY, new Budget({ ...OPENING, signal }));
  }
}

const end = async ({ peer }: Opened): Promise<void> => {
  if (peer instanceof LegacySession) await peer.close();
};

const isLost = ({ reason, httpStatus }: UpstreamError): boolean => reason === 'closed' && httpStatus === 404;

/** Without words of the server: they may quote what a caller sent. */
function faultOf(error: unknown): PluginFaultError {
  if (error instanceof PluginFaultError) return error;
  const why = error instanceof UpstreamError ? error.reason : 'failed';
  return new PluginFaultError(`the server of the plugin gave no answer (${why})`, { cause: error });
}
