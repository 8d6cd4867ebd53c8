import { family } from '../phrase-rules.js';

/** The text builds a frame in which rules do not count: fiction, games, slots for a prompt, strings to put together. */
export const VIRTUALISATION_RULES = family('virtualisation', [
  ['fiction', 0.12, 'hypothetical\\w*|fictional\\w*|imaginary|fictitious|simulated|virtual', String.raw`\b`],
  [
    'prompt_slot',
    0.35,
    'insert|your|prompt|question|query|user',
    String.raw`(?<=[[{<(]\s{0,2}\w{4,8})(?:[\s_]+(?:your|my|the|prompt|question|query|here|text|request|input|goes|harmful|whatever|you|wish|x)){1,6}[^\]})>\n]{0,30}[\]})>]`,
  ],
  [
    'first_prompt_is',
    0.2,
    'my|first|here',
    String.raw`(?:'s|\s+is|\s+are)?\s+(?:my\s+|the\s+|your\s+|very\s+)?(?:first\s+)?(?:prompt|question|request|command|task|query|order|instruction|mission|scenario)\s*(?:is\b|:|,)`,
  ],
  [
    'addressed_model',
    0.2,
    'chatgpt|gpt|openai|clyde|sydney|gpt-?4|claude|bard|gemini|copilot|chat|ai',
    String.raw`(?<=(?:^|[\s"'\[@*])(?:hello|hi|hey|dear|listen|okay|ok|sup|greetings|@)[,!\s]*\w{2,8})\b`,
  ],
  ['names_model', 0.15, 'chatgpt|openai|gpt', String.raw`\b`],
  [
    'confirm_role',
    0.25,
    'understood|understand|ready|confirm\\w*|acknowledg\\w*',
    String.raw`(?<=(?:say|reply|respond|answer|confirm|with|if you|write|only)\s+[^.!?\n]{0,40})\b["']?(?:[^.!?\n]{0,20}(?:character|role|understood|persona|instructions))?`,
  ],
  [
    'answers_as',
    0.15,
    'respond\\w*|answer\\w*|reply|replies|write|speak|talk\\w*',
    String.raw`\s+(?:\w+\s+){0,3}(?:as|like|exactly how)\s+(?:if\s+|an?\s+|the\s+)?(?!follows|well|soon|possible|much|needed|described|shown|expected|part|usual|json|text)\w`,
  ],
  [
    'game',
    0.15,
    'game|simulation|experiment|scenario',
    String.raw`(?<=(?:play|start|begin|run|enable|this)\s+(?:an?|the|this|our)?\s?(?:\w+\s){0,2}\w{4,10})\b`,
  ],
  [
    'split_payload',
    0.5,
    'interlace\\w*|concatenat\\w*|combine',
    String.raw`\s+(?:the\s+)?(?:strings?\s+|variables?\s+)?(?:parts?\s+(?:\d|one|a\b)|\w\s*\+)[^.!?\n]{0,60}`,
  ],
  ['split_payload', 0.5, 'smartgpt|sgpt|chatgpt|gpt|answer|execute|respond', String.raw`\s*\(\s*[a-z]\s*\)`],
  [
    'split_payload',
    0.5,
    'let|suppose|assume|define',
    String.raw`(?:'?s?|\s+us)?\s+(?:(?:assume|say|define)\s+)?(?:that\s+)?(?:we have\s+)?(?:\w+\s+)?(?:(?:three|two|several|some|four|the following)\s+)?(?:strings?|variables?)\b[^.!?\n]{0,20}[:\s]+\w\s*=\s*["']`,
  ],
  [
    'assume_answer',
    0.5,
    'let|assume|pretend|consider|might|we|treat',
    String.raw`(?:'s|\s+us)?\s+(?:(?:assume|state|say|imagine|pretend|claim|conclude|can|a|scenario|where|we|ignore|the|actual|data|and|to|you)\s+){0,9}(?:that\s+)?the\s+(?:sum|output|result|answer|conclusion|total|function|population)\b[^.!?\n]{0,50}\b(?:is|as|to be|equals|returns)\s+['"]?[\w:]`,
  ],
]);
