import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { HookPayloads } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { POLICY_HOOKS, type PolicyHook, policyInput } from '../opa/policy-input.js';
import { denied, readDecision } from '../opa/policy-verdict.js';
import { OpaWasmSettings } from './opa-wasm.settings.js';
import { type PolicyFile, readBundle, readWasm } from './policy-file.js';
import { PolicyWorker } from './policy-worker.js';

/** Asks a policy that runs in the gateway's own process, apart from everything else. */
class OpaWasm extends Plugin {
  readonly hooks: HookHandlers = Object.fromEntries(
    POLICY_HOOKS.map((hook) => [
      hook,
      (payload: HookPayloads[PolicyHook], context: PluginContext) => this.#judge(hook, payload, context),
    ]),
  );
  readonly #log = new Logger('opa_wasm');

  constructor(
    private readonly settings: OpaWasmSettings,
    private readonly worker: PolicyWorker,
  ) {
    super();
  }

  override close(): Promise<void> {
    return this.worker.close();
  }

  async #judge(hook: PolicyHook, payload: HookPayloads[PolicyHook], context: PluginContext): Promise<PluginResult> {
    const { facts } = context;
    const { entrypoint, max_input_bytes } = this.settings;
    const text = context.json(policyInput(hook, payload, facts));
    if (Buffer.byteLength(text) > max_input_bytes) return { violation: denied(hook, entrypoint, 'input_too_large') };
    const startedAt = performance.now();
    const evaluation = await this.worker.evaluate(text);
    const outcome = typeof evaluation === 'string' ? evaluation : readDecision(evaluation.result);
    const allowed = typeof outcome !== 'string' && outcome.allow;
    const metadata = {
      policy: entrypoint,
      result: typeof outcome === 'string' ? outcome : outcome.allow ? 'allow' : 'deny',
      latency_ms: Math.round(performance.now() - startedAt),
    };
    this.#log.debug({ message: 'a policy decided', hook, requestId: facts.requestId, ...metadata });
    return { metadata: { opa: metadata }, ...(!allowed && { violation: denied(hook, entrypoint, outcome) }) };
  }
}

/** @throws PluginConfigError */
async function fileOf({ bundle_file: bundle, wasm_file: wasm }: OpaWasmSettings): Promise<PolicyFile> {
  if ((bundle === undefined) === (wasm === undefined))
    throw new PluginConfigError(['bundle_file or wasm_file must be set, and not both']);
  const [key, read, path] =
    bundle === undefined
      ? (['wasm_file', readWasm, wasm ?? ''] as const)
      : (['bundle_file', readBundle, bundle] as const);
  try {
    return await read(resolve(path));
  } catch (error) {
    throw new PluginConfigError([`${key}: the file ${path} ${(error as Error).message}`]);
  }
}

/** @throws PluginConfigError */
async function workerOf(settings: OpaWasmSettings): Promise<PolicyWorker> {
  const { entrypoint, timeout_ms: timeoutMs, memory_mb: memoryMb, data: own = {} } = settings;
  const { wasm, data } = await fileOf(settings);
  try {
    const worker = new PolicyWorker({ wasm, entrypoint, data: { ...data, ...own } }, { timeoutMs, memoryMb });
    await worker.start();
    return worker;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PluginConfigError([`entrypoint ${entrypoint} of the policy can't be loaded: ${why}`]);
  }
}

export const opaWasm: PluginDefinition<OpaWasmSettings> = {
  name: 'opa_wasm',
  kinds: [],
  description: 'Asks a Rego policy that was compiled to WebAssembly whether a call, and then its result, may pass.',
  hooks: ['prompt_pre_fetch', 'tool_pre_invoke', 'resource_pre_fetch'],
  optionalHooks: ['prompt_post_fetch', 'tool_post_invoke', 'resource_post_fetch'],
  settings: OpaWasmSettings,
  priority: 10,
  bindable: false,
  security: true,
  create: async (settings) => new OpaWasm(settings, await workerOf(settings)),
};
