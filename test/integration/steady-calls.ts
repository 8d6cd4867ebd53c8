import { setTimeout as pause } from 'node:timers/promises';
import { callMcp } from '../fixtures/call-mcp.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';

const CALLERS = 8;
/** From one call of a caller to its next, milliseconds: 200 calls a second together, as far as the machine goes. */
const PACE_MS = 40;

/** Where to call what. */
export interface SteadyCall {
  readonly path: string;
  readonly token: () => string;
  readonly tool: string;
}

/** Calls tools at all replicas, again and again, until it is stopped. */
export class SteadyCalls {
  made = 0;
  /** What was answered instead of a result. */
  readonly failures: string[] = [];
  readonly #callers: Promise<void>[];
  #stopped = false;

  constructor(replicas: readonly RunningGateway[], calls: readonly SteadyCall[]) {
    this.#callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let turn = caller; !this.#stopped; turn += 1) {
        const replica = replicas[turn % replicas.length]!;
        const next = performance.now() + PACE_MS;
        await this.#call(replica, calls[(turn >> 1) % calls.length]!);
        await pause(Math.max(0, next - performance.now()));
      }
    });
  }

  /** Resolves when so many more calls have been made. */
  async more(count: number): Promise<void> {
    const wanted = this.made + count;
    while (this.made < wanted) await pause(PACE_MS);
  }

  /** Does work, and tells how many calls both began and ended meanwhile, at least. */
  async during(work: () => Promise<void>): Promise<number> {
    const before = this.made;
    await work();
    return Math.max(0, this.made - before - CALLERS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#callers);
  }

  async #call(replica: RunningGateway, { path, token, tool }: SteadyCall): Promise<void> {
    try {
      const { status, body } = await callMcp(replica.url + path, token(), 'tools/call', { name: tool, arguments: {} });
      if (status !== 200 || body?.result === undefined || body.result.isError === true)
        this.failures.push(`${tool}: ${status} ${JSON.stringify(body)}`);
    } catch (error) {
      this.failures.push(String(error));
    }
    this.made += 1;
  }
}
