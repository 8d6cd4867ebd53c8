import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { JsonObject } from '#libs/mcp';

export interface CompiledPolicy {
  readonly wasm: Uint8Array;
  readonly entrypoint: string;
  readonly data: JsonObject;
}

export interface WorkerLimits {
  /** Of one evaluation, milliseconds. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** `undefined` where the rule has no value. */
export type Evaluation = { readonly result: unknown } | 'undefined' | 'timeout' | 'failed';

interface Job {
  /** JSON. */
  readonly input: string;
  readonly done: (evaluation: Evaluation) => void;
}

/** A page of WebAssembly memory is 64 KiB. */
const PAGES_PER_MIB = 16;
/** Loading and compiling builtins on a busy machine takes so long at most. */
const START_MS = 30_000;
const MOST_WAITING = 1000;
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const OPA = createRequire(import.meta.url).resolve('@open-policy-agent/opa-wasm');

/** Text, since a thread can be started from what is JavaScript already alone. A decision is small: more is none. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
console.log = console.error = () => {};
const { loadPolicySync } = require(workerData.opa);
const policy = loadPolicySync(workerData.wasm, { initial: workerData.pages, maximum: workerData.pages });
policy.setData(workerData.data);
if (!Object.hasOwn(policy.entrypoints, workerData.entrypoint)) throw new Error('no such entrypoint');
const evaluated = (input) => {
  try {
    const set = policy.evaluate(new TextEncoder().encode(input).buffer, workerData.entrypoint);
    if (!Array.isArray(set) || set.length !== 1) return 'undefined';
    const { result } = set[0];
    return (JSON.stringify(result) ?? '').length > 65536 ? 'failed' : { result };
  } catch {
    return 'failed';
  }
};
parentPort.on('message', (input) => parentPort.postMessage(evaluated(input)));
parentPort.postMessage('ready');
`;

/**
 * Evaluates one policy in a thread of its own, one input after another. A policy that takes too long is killed with its
 * thread; those that wait get a new one.
 */
export class PolicyWorker {
  readonly #waiting: Job[] = [];
  #worker: Worker | undefined;
  #running: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly policy: CompiledPolicy,
    private readonly limits: WorkerLimits,
  ) {}

  /** Starts the thread. @throws Error if the policy can't be loaded, or has no such entrypoint */
  async start(): Promise<void> {
    const worker = this.#spawn();
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('did not load in time')), START_MS);
        worker.once('message', resolve).once('error', reject);
        worker.once('message', () => clearTimeout(timer)).once('error', () => clearTimeout(timer));
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** @param input JSON */
  evaluate(input: string): Promise<Evaluation> {
    if (this.#closed || this.#waiting.length >= MOST_WAITING) return Promise.resolve('failed');
    return new Promise((done) => {
      this.#waiting.push({ input, done });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { done } of this.#waiting.splice(0)) done('failed');
    const worker = this.#worker;
    this.#finish('failed');
    await worker?.terminate();
  }

  #next(): void {
    if (this.#running || this.#closed) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#running = job;
    if (this.#worker) return this.#run(this.#worker, job);
    // Of a new thread the first message is that it is ready; until then the policy does not run yet.
    const worker = this.#spawn();
    this.#timer = setTimeout(() => this.#kill(worker, 'failed'), START_MS);
    worker.once('message', () => {
      if (this.#running === job) this.#run(worker, job);
    });
  }

  #run(worker: Worker, { input }: Job): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#kill(worker, 'timeout'), this.limits.timeoutMs);
    worker.once('message', (evaluation: Evaluation) => this.#finish(evaluation));
    worker.postMessage(input, []);
  }

  #spawn(): Worker {
    const pages = this.limits.memoryMb * PAGES_PER_MIB;
    const worker = new Worker(SCRIPT, {
      eval: true,
      env: {},
      execArgv: [],
      resourceLimits: HEAP,
      workerData: { ...this.policy, opa: OPA, pages },
    });
    worker.unref();
    worker.on('error', () => this.#kill(worker, 'failed'));
    this.#worker = worker;
    return worker;
  }

  #kill(worker: Worker, why: Evaluation): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
    this.#finish(why);
  }

  #finish(evaluation: Evaluation): void {
    clearTimeout(this.#timer);
    const job = this.#running;
    this.#running = undefined;
    job?.done(evaluation);
    this.#next();
  }
}
