import { family } from '../phrase-rules.js';

/** Text that looks like the frame around a conversation: chat templates, system tags, hidden comments. */
export const MARKUP_RULES = family('fake_delimiter', [
  [
    'chat_template',
    0.5,
    'im|system|user|assistant|endoftext|endofprompt|eot|eom|begin|start|end',
    String.raw`(?<=<\|\s?\w{2,11})(?:_\w{2,12})*\s?\|>`,
  ],
  ['chat_template', 0.5, 'inst', String.raw`(?<=\[/?inst)\]`],
  ['chat_template', 0.5, 'sys', String.raw`(?<=<</?sys)>>`],
  [
    'role_header',
    0.3,
    'system|instruction|instructions|human|assistant|user|response',
    String.raw`(?<=#{2,4}\s{0,2}\w{4,12})(?:\s+(?:prompt|message|instructions?))?\s*:`,
  ],
  [
    'role_tag',
    0.4,
    'system|admin|assistant|developer|instructions?|override|hidden|secret|critical|important|sys|root|prompt',
    String.raw`(?<=<\/?\s?\w{3,12})(?:[\s_-]+\w{1,14}){0,4}\s?>(?!\s*(?:</|\d))`,
  ],
  [
    'role_bracket',
    0.4,
    'system|admin|administrator|hidden|override|developer|secret|root|important|metadata|critical|begin|end|instructions?',
    String.raw`(?<=[[|{(]{1,3}\s?\w{3,13})[\s_:-]+(?:\w+[\s_:-]+){0,2}(?:instructions?|messages?|override|notes?|directives?|prompts?|commands?|updates?|mode|access|alert|orders)\s?[\]|})]`,
  ],
  [
    'role_line',
    0.4,
    'system|admin|developer|administrator',
    String.raw`(?<=(?:^|\n|["'.]\s)\s{0,4}\w{5,13})[\s_]*(?:(?:prompt|message|instruction|override|note|notice|directive|command|alert|update)s?)?\s*:\s+(?:you|ignore|disregard|new|the user|from|please|override|bypass|all|disable|forget|execute|do not|your|this)\b`,
  ],
  ['role_line', 0.3, 'human|assistant|user', String.raw`(?<=\n\n\w{4,9}):\s`],
  [
    'role_json',
    0.4,
    'role',
    String.raw`['"]\s*:\s*['"](?:system|developer)['"]\s*,\s*['"]content['"]\s*:\s*['"](?:ignore|you|new|forget|disregard|from)`,
  ],
  [
    'comment_to_model',
    0.5,
    'ai|llm|assistant|agent|model|ignore|instructions?|system|chatgpt',
    String.raw`(?<=<!--[^>]{0,60}|display:\s?none[^>]{0,40}>[^<]{0,60}|font-size:\s?0[^>]{0,40}>[^<]{0,60})\b[^>]{0,200}\b(?:must|should|ignore|say|tell|send|include|please|instruct|reveal|execut|call)`,
  ],
]);
