import type { Egress } from '#libs/egress';
import { PluginConfigError } from '../../../plugin-definition.js';
import {
  AzureSettings,
  type ContentModerationSettings,
  GraniteSettings,
  OpenAiSettings,
  type ProviderName,
  WatsonSettings,
} from '../content-moderation.settings.js';
import { AzureProvider } from './azure-provider.js';
import { GraniteProvider } from './granite-provider.js';
import { LocalProvider } from './local-provider.js';
import type { ModerationProvider } from './moderation-provider.js';
import { OpenAiProvider } from './openai-provider.js';
import { WatsonProvider } from './watson-provider.js';

/** The files of operators have `null`, or nothing between the quotes, for what is not set. */
const isSet = (value: string | null): boolean => value !== null && value !== '';

type Maker = (settings: ContentModerationSettings, egress: Egress) => ModerationProvider | undefined;

/** Each makes nothing where its address or its credential is missing. */
const MAKERS: Readonly<Record<Exclude<ProviderName, 'aws'>, Maker>> = {
  local: () => new LocalProvider(),
  openai: ({ openai }, egress) => {
    const own = openai ?? new OpenAiSettings();
    const needsKey = own.api_base === new OpenAiSettings().api_base;
    return isSet(own.api_base) && (isSet(own.api_key) || !needsKey) ? new OpenAiProvider(own, egress) : undefined;
  },
  ibm_granite: ({ ibm_granite }, egress) => {
    const own = ibm_granite ?? new GraniteSettings();
    return isSet(own.ollama_url) ? new GraniteProvider(own, egress) : undefined;
  },
  ibm_watson: ({ ibm_watson }, egress) => {
    const own = ibm_watson ?? new WatsonSettings();
    return isSet(own.api_key) && isSet(own.url) ? new WatsonProvider(own, egress) : undefined;
  },
  azure: ({ azure }, egress) => {
    const own = azure ?? new AzureSettings();
    return isSet(own.api_key) && isSet(own.endpoint) ? new AzureProvider(own, egress) : undefined;
  },
};

/**
 * @param key where the name stands
 * @returns nothing for one that lacks its address or its credential
 * @throws PluginConfigError
 */
export function makeProvider(
  name: ProviderName,
  key: string,
  settings: ContentModerationSettings,
  egress: Egress,
): ModerationProvider | undefined {
  if (name !== 'aws') return MAKERS[name](settings, egress);
  const supported = Object.keys(MAKERS).join(', ');
  throw new PluginConfigError([`${key} "aws" is not supported; supported are ${supported}`]);
}
