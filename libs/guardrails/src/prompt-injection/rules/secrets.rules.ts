import { family } from '../phrase-rules.js';

const ASK = String.raw`(?:reveal|show|print|output|repeat|display|tell|give|share|leak|disclose|what (?:is|are|was|were|does|do)|what's|provide|expose|dump|write|recite|say|spell|summari[sz]e|encode|list|describe|translate|return|quote|paste|copy|send|include)`;
const NEGATED = String.raw`(?<!(?:never|not|n't|don't|avoid|without|refuse to|who ask)\s(?:\w+\s){0,4}\w{0,12})`;
const SECRET = String.raw`(?:secret(?:s|\s+(?:key|word|code|password|phrase|information|message|instructions?))?|pass\s?(?:word|phrase|code|key)s?|pass\s?code phrase|code\s?word|api key|confidential (?:information|data))`;

/** The text wants what the model keeps: its instructions, or a secret in them. */
export const SECRET_RULES = [
  ...family('prompt_extraction', [
    [
      'system_prompt',
      0.6,
      'system|initial|original|hidden|developer|custom|internal|secret|base|full|complete|entire|exact|first|starting|pre',
      String.raw`(?<=${ASK}\s(?:(?:me|us|out|back|verbatim|to me)\s){0,2}(?:(?:your|the|this|that|all|of|any|exact|full|complete|entire|contents?|text|above)\s){1,6}\w{2,9})(?:[\s_-]+\w+)?[\s_-]+(?:prompts?|instructions?|directives?|system message|configuration|setup)\b`,
    ],
    [
      'your_instructions',
      0.55,
      'your',
      String.raw`(?<=${ASK}\s(?:(?:me|us|out|back|all|of|about|to me|exactly)\s){0,3}your)\s+(?:\w+\s+){0,3}(?:instructions|prompt|directives|system message|programming|guidelines|rules|context window|developer message)\b`,
    ],
    [
      'instructions_verbatim',
      0.4,
      'instructions|prompt|rules|message|conversation|text|everything',
      String.raw`[^.!?\n]{0,40}\b(?:verbatim|word[ -]for[ -]word)`,
    ],
    [
      'repeat_above',
      0.6,
      'repeat|print|output|copy|echo|recite|write|summarize|show|display|reproduce|translate|spell|quote|paste',
      String.raw`\s+(?:out\s+|back\s+|down\s+|me\s+|all\s+(?:of\s+)?)?(?:(?:the|all|your|every)\s+){0,2}(?:first\s+|previous\s+|initial\s+)?(?:\d+\s+)?(?:everything|all|words?|text|sentences?|contents?|paragraphs?|instructions?|prompt|conversation)\s*(?:of this conversation\s*)?(?:above\b|preceding|(?:that )?(?:came|comes|come) before|before this|starting with ['"]?you are|you (?:were|have been) (?:given|told)|so far)`,
    ],
    [
      'instructions_you_got',
      0.5,
      'configuration|instructions|prompt|rules|guidelines|context|message|text|setup',
      String.raw`(?<=${ASK}\s(?:\w+\s){0,3}\w{4,14})\s+(?:that\s+)?you\s+(?:were|have been|got|received|are|must)\s*(?:given|told|provided|following|follow|obey|operating under)\b`,
    ],
    [
      'repeat_the_above',
      0.4,
      'repeat|echo|recite|paste|translate',
      String.raw`\s+(?:back\s+)?(?:(?:the|all of the)\s+above|what(?:'s| is| was) above)\b(?!\s+(?:steps?|process|procedure|copyright|for|command|with|operation|test|until|using))`,
    ],
    [
      'what_were_you_told',
      0.45,
      'what',
      String.raw`\s+(?:exactly\s+)?(?:were|was|are|have|did)\s+(?:you|your|they)\s+(?:\w+\s+){0,2}(?:told|instructed|instructions|given to|programmed|prompted|initial|system|tell you|been told)\b`,
    ],
    [
      'my_instructions_are',
      0.35,
      'my',
      String.raw`\s+(?:system\s+|initial\s+|secret\s+)?(?:instructions|prompt|system prompt|guidelines|rules|password|secret)\s+(?:are|is|were|was)\b(?<=["':][^"'\n]{0,40})`,
    ],
    [
      'starting_you_are',
      0.45,
      'starting|begins?|start',
      String.raw`\s+(?:with|from)\s+(?:the\s+(?:words?|phrase)\s+)?['"]?you are\b`,
    ],
  ]),
  ...family('secret_request', [
    [
      'what_is_the_secret',
      0.5,
      'what|whats',
      String.raw`(?:\s+(?:is|are|was|would|could)|'s)?\s+(?:your|the|ur)\s+(?:\w+\s+)?${SECRET}\b(?!\s*(?:for|of|to|policy|policies|manager|requirement|reset|field|length|strength|hash|on|in order|behind|that you use|i should|and (?:how|why)))`,
    ],
    [
      'tell_the_secret',
      0.5,
      'tell|reveal|share|provide|disclose|say|spell|leak|output|print|write|describe|hint|show|translate|encode|recite|list',
      String.raw`${NEGATED}\s+(?:(?:me|us|with me|to me|out|about|what|in|a|hints?|details|backwards|an?|on|for)\s+){0,4}(?:your|the|ur)\s+(?:secret\s+)?${SECRET}\b(?!\s*(?:for (?:the|your|my)|policy|policies|manager|requirement|reset|field|hash|to (?:anyone|your)|with (?:anyone|others)|sauce|behind|of\b|garden|service|agent))`,
    ],
    [
      'give_the_secret',
      0.5,
      'give|send|hand',
      String.raw`${NEGATED}\s+(?:over\s+)?(?:(?:me|us|out|away|a|hints?|clues?|about|to)\s+){1,4}(?:your|the|ur)\s+(?:secret\s+)?${SECRET}\b(?!\s*(?:policy|policies|reset|hash|for (?:the|your|my)))`,
    ],
    [
      'needs_the_secret',
      0.5,
      'need|want|require|like|love|remind|verify|confirm|know|guess|hear|learn|access|remember|see',
      String.raw`${NEGATED}\s+(?:to\s+|you\s+|me\s+|of\s+|that\s+|have\s+|know\s+|verify\s+|access\s+|what\s+|hear\s+|share\s+){0,5}(?:the|your)\s+(?:secret (?:key|password|word|phrase|code)|passphrase|pass\s?code)\b(?!\s*(?:for|of|to|in|from|store|manager))`,
    ],
    [
      'your_secret_asked',
      0.45,
      'your',
      String.raw`(?<!(?:forgot|forgotten|reset|change|changed|lost|lose|remember|update|enter|about|with|protect|recover)\s+your)\s+(?:secret\s+)?${SECRET}\b[^.!\n]{0,60}\?`,
    ],
    [
      'may_not_say',
      0.5,
      'not|never',
      String.raw`\s+(?:allowed|supposed|permitted|told|instructed|authori[sz]ed|meant)?\s*to\s+(?:say|reveal|share|tell|disclose|mention|talk about|discuss|give)\b(?<=\byou(?:'re| are| were|'ve been| have been)?\s+(?:\w+\s+){0,3}(?:not|never)\s+(?:\w+\s+)?to\s+[\w ]{3,12})`,
    ],
    [
      'secret_as_art',
      0.5,
      'poem|story|song|rhyme|acrostic|hint|hints|riddle|letters?|characters?|base64|latin|reverse|backwards|encode|anagram|haiku|rhymes?|synonyms?|vowels?|syllables?|length|spelled|spelling|scrabble|crossword|numbers?',
      String.raw`(?!\s+(?:about|of)\s+(?:an?|the)\s+secret)[^.!?\n]{0,40}\b(?:of|the|your|with|about|contain\w*)\s+(?:your\s+|the\s+|secret\s+)?${SECRET}\b(?!\s*(?:policy|to\b|manager|reset|field|hash|must|should|garden))`,
    ],
    [
      'your_secret_be',
      0.45,
      'your',
      String.raw`\s+(?:secret\s+)?${SECRET}\s*(?:contain|be\b|is\?|start|begin|end|with me|in (?:reverse|base64|this|pig|morse|french|spanish|german|hex|leet|ascii|json))`,
    ],
    [
      'said_not_to',
      0.3,
      'know',
      String.raw`\s+you(?:'re| are| were)?\s+(?:said|told|mentioned|not|supposed|instructed|asked)\s+(?:\w+\s+){0,3}not\b`,
    ],
    [
      'bribe',
      0.3,
      'will',
      String.raw`\s+(?:\w+\s+)?(?:give|pay|tip|reward)\s+you\s+(?:\$|€|£|\d|a (?:tip|reward|bonus))`,
    ],
    ['bribe', 0.3, 'tip', String.raw`\s+(?:of\s+)?(?:you\s+)?\$?\d+`],
  ]),
];
