import { entropy } from './randomness.js';
import { isMasked } from './placeholder.js';
import { token } from './token-rule.js';

const mixed = {
  score: (key: string) => (/\d/.test(key) && /[a-z]/i.test(key) && !isMasked(key) && entropy(key) >= 3 ? 0.9 : 0),
};

/** Model providers and their tools. */
export const AI_RULES = [
  token('openai_key', 'sk-', 'sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}'),
  token(
    'openai_key',
    'sk-proj- sk-svcacct- sk-admin- sk-none-',
    'sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,90}T3BlbkFJ[A-Za-z0-9_-]{20,90}',
  ),
  token('secret_key_token', 'sk-', 'sk-[A-Za-z0-9]{32,64}', mixed),
  token('anthropic_key', 'sk-ant-', 'sk-ant-[a-z]{3,5}\\d\\d-[A-Za-z0-9_-]{80,120}AA'),
  token('openrouter_key', 'sk-or-v1-', 'sk-or-v1-[0-9a-f]{64}'),
  token('langfuse_key', 'sk-lf-', 'sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  token('langsmith_key', 'lsv2_', 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'),
  token('huggingface_token', 'hf_ api_org_', '(?:hf|api_org)_[A-Za-z0-9]{34}', {
    score: (key) => (!isMasked(key) && /[A-Z]/.test(key.slice(3)) && /[a-z]/.test(key.slice(8)) ? 0.95 : 0),
  }),
  token('groq_key', 'gsk_', 'gsk_[A-Za-z0-9]{52}'),
  token('replicate_token', 'r8_', 'r8_[A-Za-z0-9]{37}'),
  token('perplexity_key', 'pplx-', 'pplx-[A-Za-z0-9]{48}'),
  token('xai_key', 'xai-', 'xai-[A-Za-z0-9_-]{70,90}'),
  token('firecrawl_key', 'fc-', 'fc-[0-9a-f]{32}'),
  token('tavily_key', 'tvly-', 'tvly-(?:dev-|prod-)?[A-Za-z0-9_-]{20,50}'),
  token('pinecone_key', 'pcsk_', 'pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{50,70}'),
  token('fireworks_key', 'fw_', 'fw_[A-Za-z0-9]{22,24}', mixed),
  token('nvidia_key', 'nvapi-', 'nvapi-[A-Za-z0-9_-]{60,70}'),
  token('cerebras_key', 'csk-', 'csk-[a-z0-9]{48}'),
  token('elevenlabs_key', 'sk_', 'sk_[0-9a-f]{48}'),
  token('jina_key', 'jina_', 'jina_[A-Za-z0-9_-]{60,64}'),
  token('voyage_key', 'pa-', 'pa-[A-Za-z0-9_-]{43}', mixed),
  token('e2b_key', 'e2b_', 'e2b_[0-9a-f]{40}'),
  token('helicone_key', 'sk-helicone-', 'sk-helicone-[a-z0-9-]{20,60}'),
  token('together_key', 'tgp_v1_', 'tgp_v1_[A-Za-z0-9_-]{43}'),
  token('letta_key', 'sk-let-', 'sk-let-[A-Za-z0-9=]{60,140}'),
  token('friendli_token', 'flp_', 'flp_[A-Za-z0-9]{40,50}'),
  token('runpod_key', 'rpa_', 'rpa_[A-Z0-9]{40}[A-Za-z0-9]{6}'),
  token('ollama_key', 'ssk-', 'ssk-[A-Za-z0-9_-]{40,60}', mixed),
  token('weights_and_biases_key', 'wandb_v1_', 'wandb_v1_[A-Za-z0-9_-]{60,100}'),
  token('composio_key', 'ak_', '(?<=composio[^\\n]{0,40})ak_[a-z0-9_-]{20}', { ...mixed, ignoreCase: true }),
];
