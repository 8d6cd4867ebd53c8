import { RunningGateway } from '../../fixtures/running-gateway.js';
import { RawCaller } from './raw-caller.js';
import { answering, type RawOffer, RawUpstream } from './raw-upstream.js';

export type Era = 'modern' | 'legacy';
export const ERAS = ['modern', 'legacy'] as const;
/** The era of the client, then that of the upstream. */
export const PAIRS = ERAS.flatMap((down) => ERAS.map((up) => [down, up] as const));

/** A gateway with one upstream of each era, each behind a virtual server that keeps its names. */
export class RawGate {
  readonly #open: RawCaller[] = [];

  private constructor(
    readonly running: RunningGateway,
    readonly token: string,
    readonly upstreams: Readonly<Record<Era, Awaited<ReturnType<typeof RawUpstream.start>>>>,
    /** By the era of the upstream behind the endpoint. */
    readonly callers: Readonly<Record<Era, RawCaller>>,
  ) {}

  static async start(offer: RawOffer = {}, settings: Readonly<Record<string, string>> = {}): Promise<RawGate> {
    const running = await RunningGateway.start(settings);
    const token = await running.mint('raw');
    const upstreams = {
      modern: await RawUpstream.start('modern', offer),
      legacy: await RawUpstream.start('legacy', offer),
    };
    const callerOf = async (era: Era): Promise<RawCaller> => {
      const { id } = await running.register(`${era} upstream`, upstreams[era].url);
      const server = await running.serve(id, { tool_naming: 'original' });
      return new RawCaller(`${running.url}/servers/${server.id}/mcp`, token);
    };
    const callers = { modern: await callerOf('modern'), legacy: await callerOf('legacy') };
    return new RawGate(running, token, upstreams, callers);
  }

  /** Another caller, at the endpoint in front of the legacy upstream unless a path is given. */
  at({ token = this.token, path = new URL(this.callers.legacy.endpoint).pathname } = {}): RawCaller {
    const caller = new RawCaller(this.running.url + path, token);
    this.#open.push(caller);
    return caller;
  }

  /** Forgets what the upstreams saw and how they were told to answer. */
  reset(): void {
    for (const era of ERAS) {
      this.upstreams[era].script = answering('{"content":[]}');
      this.upstreams[era].resumption = undefined;
      this.upstreams[era].seen.length = 0;
    }
  }

  async stop(): Promise<void> {
    for (const caller of [...this.#open, this.callers.modern, this.callers.legacy]) caller.close();
    await this.running.stop();
    for (const era of ERAS) await this.upstreams[era].close();
  }
}
