import type { Detector, LocatedFinding, Mask } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import type { HookPayloads } from '../hooks.js';
import { Plugin, type PluginResult, type Violation } from '../plugin.js';
import type { PluginContext } from '../plugin-context.js';
import { contentHooks } from './content-hooks.js';
import { type ContentHook, PayloadContent } from './payload-content.js';

type Findings = readonly LocatedFinding[];

/** What a plugin looks for, and what becomes of it. */
export interface Scan {
  readonly detector: Detector;
  /** So many findings refuse the payload; undefined refuses none. */
  readonly blocksAt: number | undefined;
  /** What takes the place of a finding; undefined leaves it. */
  readonly mask: Mask | undefined;
  /** Whether a finding counts where it stands; all do without. */
  readonly counts?: ((finding: LocatedFinding) => boolean) | undefined;
  readonly violation: (hook: ContentHook, findings: Findings) => Violation;
  /** Never content. */
  readonly metadata: (hook: ContentHook, findings: Findings, masked: boolean) => JsonObject | undefined;
}

/** Looks for one kind of thing in all content, and refuses or masks it. What is to be masked and can't be, is refused. */
export class ContentScanner extends Plugin {
  readonly hooks = contentHooks((hook, payload, context) => this.#judge(hook, payload, context));

  constructor(private readonly scan: Scan) {
    super();
  }

  #judge<H extends ContentHook>(
    hook: H,
    payload: HookPayloads[H],
    context: PluginContext,
  ): PluginResult<H> | undefined {
    const { detector, counts, blocksAt = Infinity, mask } = this.scan;
    const content = new PayloadContent(hook, payload, context);
    const found = content.find(detector);
    const findings = counts ? found.filter(counts) : found;
    if (findings.length === 0) return undefined;
    const masked = mask && findings.length < blocksAt ? content.replaced(findings, mask) : undefined;
    const metadata = this.scan.metadata(hook, findings, masked !== undefined);
    const said = metadata && { metadata };
    if (findings.length >= blocksAt || (mask && !masked))
      return { violation: this.scan.violation(hook, findings), ...said };
    return { ...(masked && { payload: masked }), ...said };
  }
}
