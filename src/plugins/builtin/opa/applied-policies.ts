import { fitsPattern } from '../../chain/conditions.js';
import type { AppliedToDto, OpaExtensionsDto } from './opa.settings.js';
import type { PolicyHook } from './policy-input.js';

/** A policy and what it is for. */
export interface AppliedPolicy {
  readonly pattern: string;
  readonly context: readonly string[];
  readonly extensions: OpaExtensionsDto;
}

type Kind = 'tool' | 'prompt' | 'resource';

/** The kind of target that a hook is about: the first word of its name. */
const kindOf = (hook: PolicyHook): Kind => hook.slice(0, hook.indexOf('_')) as Kind;

/** Which policy answers for a target. */
export class AppliedPolicies {
  readonly #policies: Readonly<Record<Kind, readonly AppliedPolicy[]>>;

  constructor({ tools = [], prompts = [], resources = [] }: AppliedToDto) {
    const entry = (
      pattern: string,
      { context = [], extensions }: { context?: string[]; extensions: OpaExtensionsDto },
    ) => ({
      pattern,
      context,
      extensions,
    });
    this.#policies = {
      tool: tools.map((tool) => entry(tool.tool_name, tool)),
      prompt: prompts.map((prompt) => entry(prompt.prompt_name, prompt)),
      resource: resources.map((resource) => entry(resource.resource_uri, resource)),
    };
  }

  get all(): readonly AppliedPolicy[] {
    return Object.values(this.#policies).flat();
  }

  /** @param names by which the target is known to its upstream and to callers */
  of(hook: PolicyHook, names: readonly string[]): AppliedPolicy | undefined {
    return this.#policies[kindOf(hook)].find(({ pattern }) => names.some((name) => fitsPattern(pattern, name)));
  }
}

/** The endpoint of a hook: the one of its name, or else the first that has it in its own. */
export const endpointOf = (hook: PolicyHook, { policy_endpoints: endpoints }: OpaExtensionsDto): string | undefined =>
  endpoints.find((endpoint) => endpoint === hook) ?? endpoints.find((endpoint) => endpoint.includes(hook));
