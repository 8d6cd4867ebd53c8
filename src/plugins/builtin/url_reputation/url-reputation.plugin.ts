import { compilePattern, type Detector, type Finding, type Pattern, PatternError } from '#libs/guardrails';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { DomainSet } from './domain-set.js';
import { UrlDetector } from './url-detector.js';
import { faultOf, type UrlRules } from './url-judge.js';
import { UrlReputationSettings } from './url-reputation.settings.js';

type Said = { readonly violation: Violation } | undefined;

/** Refuses URLs: those of resources that are read, those that tools are given, and links in what comes back. */
class UrlReputation extends Plugin {
  readonly hooks: HookHandlers = {
    resource_pre_fetch: ({ uri }, context) => this.#resource(uri, context),
    tool_pre_invoke: ({ args }, context) => judge(args, context, this.#fetched),
    tool_post_invoke: ({ result, error }, context) => judge(error ? { ...error } : result, context, this.#mentioned),
    prompt_post_fetch: ({ result, error }, context) => judge(error ? { ...error } : result, context, this.#mentioned),
    resource_post_fetch: ({ result, error }, context) => judge(error ? { ...error } : result, context, this.#mentioned),
  };
  readonly #fetched: Detector;
  readonly #mentioned: Detector;

  constructor(
    private readonly rules: UrlRules,
    private readonly secure: boolean,
  ) {
    super();
    this.#fetched = new UrlDetector(rules, secure);
    this.#mentioned = new UrlDetector(rules, false);
  }

  #resource(uri: string, context: PluginContext): Said {
    const fault = faultOf(uri, this.rules, this.secure);
    return fault ? { violation: violationOf(fault) } : judge({ uri }, context, this.#mentioned);
  }
}

function judge(value: object, context: PluginContext, detector: Detector): Said {
  const [finding] = context.content(value).find(detector);
  return finding && { violation: violationOf(finding) };
}

function violationOf({ type, rule }: Pick<Finding, 'type' | 'rule'>): Violation {
  const code = 'URL_REPUTATION_BLOCK';
  switch (type) {
    case 'domain':
      return { reason: 'Blocked domain', description: `Domain ${rule} is blocked`, code, details: { domain: rule } };
    case 'pattern':
      return {
        reason: 'Blocked pattern',
        description: 'URL matches a blocked pattern',
        code,
        details: { pattern: rule },
      };
    case 'sign':
      return {
        reason: 'Suspicious URL',
        description: `URL shows a sign of phishing: ${rule}`,
        code,
        details: { sign: rule },
      };
    case 'not_secure':
      return {
        reason: 'URL is not secure',
        description: 'URL is not fetched over TLS',
        code,
        details: { scheme: rule },
      };
    default:
      return { reason: 'Malformed URL', description: 'URL cannot be read', code, details: {} };
  }
}

/** @throws PluginConfigError with a line for each pattern that can't be run */
function compiled(key: string, patterns: readonly string[]): readonly Pattern[] {
  const faults: string[] = [];
  const made = patterns.flatMap((source, index) => {
    try {
      return [compilePattern(source, ['i'])];
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      faults.push(`${key}[${index}] ${error.message}`);
      return [];
    }
  });
  if (faults.length > 0) throw new PluginConfigError(faults);
  return made;
}

export const urlReputation: PluginDefinition<UrlReputationSettings> = {
  name: 'url_reputation',
  kinds: [
    'plugins.url_reputation.url_reputation.URLReputationPlugin',
    'cpex_url_reputation.url_reputation.URLReputationPlugin',
    'cpex_url_reputation.URLReputationPlugin',
  ],
  description: 'Refuses URLs by domain, by pattern, and by signs of phishing.',
  hooks: ['resource_pre_fetch'],
  optionalHooks: ['tool_pre_invoke', 'tool_post_invoke', 'prompt_post_fetch', 'resource_post_fetch'],
  settings: UrlReputationSettings,
  priority: 60,
  security: true,
  create: (settings) =>
    new UrlReputation(
      {
        allowedDomains: new DomainSet(settings.whitelist_domains),
        allowedPatterns: compiled('allowed_patterns', settings.allowed_patterns),
        blockedDomains: new DomainSet(settings.blocked_domains),
        blockedPatterns: compiled('blocked_patterns', settings.blocked_patterns),
        mostEntropy: settings.use_heuristic_check ? settings.entropy_threshold : undefined,
      },
      settings.block_non_secure_http,
    ),
};
