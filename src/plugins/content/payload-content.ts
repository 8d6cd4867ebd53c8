import { Content, type Detector, type LocatedFinding, type Mask } from '#libs/guardrails';
import { type Hook, type HookPayloads, WRITABLE } from '../hooks.js';
import type { PluginContext } from '../plugin-context.js';

/** The members of each hook's payload that carry content. */
const MEMBERS = {
  prompt_pre_fetch: ['args'],
  prompt_post_fetch: ['result', 'error'],
  tool_pre_invoke: ['args'],
  tool_post_invoke: ['result', 'error'],
  resource_pre_fetch: ['uri'],
  resource_post_fetch: ['result', 'error'],
  agent_pre_invoke: ['messages', 'systemPrompt', 'parameters'],
  agent_post_invoke: ['messages', 'toolCalls'],
  stream_message: ['body'],
  catalog_scan: ['definition'],
} as const satisfies { readonly [H in Hook]?: readonly (keyof HookPayloads[H])[] };

export type ContentHook = keyof typeof MEMBERS;

interface Part {
  readonly member: string;
  readonly content: Content;
}

/** All that a payload says, for detectors to read and to go on with something else in its place. */
export class PayloadContent<H extends ContentHook> {
  readonly #parts: Part[] = [];
  readonly #partOf = new Map<LocatedFinding, Part>();

  constructor(
    private readonly hook: H,
    private readonly payload: HookPayloads[H],
    context: PluginContext,
  ) {
    for (const member of MEMBERS[hook]) {
      const value: unknown = Reflect.get(payload, member);
      if (typeof value === 'object' && value !== null) this.#parts.push({ member, content: context.content(value) });
      else if (typeof value === 'string') this.#parts.push({ member, content: Content.of(value) });
    }
  }

  find(detector: Detector): readonly LocatedFinding[] {
    const all: LocatedFinding[] = [];
    for (const part of this.#parts) {
      for (const finding of part.content.find(detector)) {
        this.#partOf.set(finding, part);
        all.push(finding);
      }
    }
    return all;
  }

  /**
   * @param findings of this content, also of several detectors
   * @returns undefined where one of them stands in what no plugin may change, such as the URI of a resource
   */
  replaced(findings: readonly LocatedFinding[], mask: Mask): HookPayloads[H] | undefined {
    const writable: readonly PropertyKey[] = WRITABLE[this.hook];
    const changed: Record<string, unknown> = {};
    for (const part of this.#parts) {
      const those = findings.filter((finding) => this.#partOf.get(finding) === part);
      if (those.length === 0) continue;
      if (!writable.includes(part.member)) return undefined;
      changed[part.member] = part.content.replace(those, mask).value;
    }
    return { ...this.payload, ...changed };
  }
}
