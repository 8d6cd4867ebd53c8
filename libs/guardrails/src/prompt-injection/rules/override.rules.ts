import { family } from '../phrase-rules.js';

const EARLIER = String.raw`(?:previous(?:ly)?|prior|above|preceding|earlier|foregoing|initial|original|existing|current|past|former|before|system|last)`;
const ORDERS = String.raw`(?:instruct|prompt|directive|command|rules?\b|guideline|context|inputs?\b|conversation|training|programming|orders?\b|requests?\b|tasks?\b|constraint|restriction|polic(?:y|ies)|respons|statement|question|polic|identity|safety)`;

/** The text takes the place of the instructions that the model was given. */
export const OVERRIDE_RULES = family('instruction_override', [
  [
    'ignore_previous',
    0.6,
    'ignor\\w*|disregard\\w*|forget\\w*|bypass\\w*|overrid\\w*|neglect\\w*|discard\\w*|dismiss\\w*|erase|cancel|void|abandon|drop',
    String.raw`\s+(?:(?:all|any|of|the|your|my|these|those|and|every|everything|about|each|our|his|its|any of|entire|whole|such|from|in|by|other)\s+){0,5}${EARLIER}(?:\s+(?:and|or|system|set|of|given|the|user|set)){0,3}\s+${ORDERS}`,
  ],
  [
    'ignore_your_orders',
    0.55,
    'ignor\\w*|disregard\\w*|forget\\w*|bypass\\w*|overrid\\w*|abandon\\w*|violat\\w*',
    String.raw`\s+(?:(?:all|any|of|every|everything|about|each|entire|whole)\s+){0,3}(?:your|openai|the ai|these)(?:'?s)?\s+(?:\w+\s+){0,3}${ORDERS}`,
  ],
  [
    'ignore_all_orders',
    0.5,
    'ignor\\w*|disregard\\w*|forget\\w*|overrid\\w*',
    String.raw`\s+(?:all|any|every)\s+(?:of\s+)?(?:the\s+|other\s+|safety\s+|security\s+|ethical\s+){0,3}(?:instructions|prompts|directives|guidelines|programming|safety|restrictions)`,
  ],
  [
    'ignore_orders_given',
    0.6,
    'ignor\\w*|disregard\\w*|forget\\w*|overrid\\w*',
    String.raw`\s+(?:\w+\s+){0,4}${ORDERS}\w*\s+(?:\w+\s+){0,2}(?:above|before|so far|previously|earlier|given|you (?:have|were|got|received)|that (?:were|was|came|you|i)|provided|till now|until now)`,
  ],
  [
    'ignore_above',
    0.55,
    'ignor\\w*|disregard\\w*|forget\\w*|skip',
    String.raw`\s+(?:all (?:of )?|everything |anything |what (?:is |was )?|whatever (?:is |was )?)?(?:the )?(?:above|before(?! you)|preceding)(?=\s*(?:[.,;:!\n]|$|and\b|then\b|instead|text|content|,?\s*(?:say|print|tell|give|output|write)))`,
  ],
  [
    'forget_everything',
    0.5,
    'forget|ignore|disregard',
    String.raw`\s+(?:about\s+)?(?:everything|all|anything|whatever|what)\s+(?:else\s+)?(?:that\s+)?(?:you(?:'ve|'re| have| were| are| know| learned| did)?|i(?:'ve| have)? (?:said|told|asked)|we|was said|came before|before|above|prior)`,
  ],
  [
    'ignore_what_was_said',
    0.55,
    'ignor\\w*|disregard\\w*|forget\\w*',
    String.raw`\s+(?:everything\s+|all\s+|anything\s+)?(?:what|whatever|that)?\s*(?:the|your)\s+(?:developers?|system|creators?|admins?|administrators?|makers?|operators?|company|trainers?|prompt|owner)\s+(?:\w+\s+){0,2}(?:told|said|says|asked|instructed|wrote|wants|gave|set)\b`,
  ],
  [
    'forget_that',
    0.45,
    'forget',
    String.raw`\s+(?:about\s+)?(?:that|it|this)\b[,.!]?\s*(?:now\b|instead|can you|could you|tell me|give me|let'?s|just|do)`,
  ],
  [
    'do_not_follow_above',
    0.5,
    'follow\\w*|obey\\w*|heed|execute',
    String.raw`(?<=(?:not|n't|never|stop)\s\w{4,10})\s+(?:any\s+|all\s+|of\s+|the\s+|your\s+|these\s+){0,3}(?:\w+\s+)?(?:rules|guidelines|instructions|orders|commands|prompt|directives)\s+(?:above|before|given|from (?:the|your)|you (?:were|have|got)|previously|in the system|of the (?:system|developer))`,
  ],
  [
    'not_bound',
    0.35,
    'follow\\w*|obey\\w*|comply\\w*|adher\\w*|abid\\w*|listen\\w*|bound|restrict\\w*',
    String.raw`(?<=(?:not|n't|no longer|never|stop|without)\s(?:\w+\s){0,3}\w{4,12})\s+(?:by|to|with)?\s*(?:\w+\s+){0,3}(?:rules|guidelines|instructions|restrictions|polic|principles|laws|ethics|morals|limitations|confines)`,
  ],
  [
    'freed',
    0.4,
    'broken?|freed|liberated|escaped?|released|unbound|unchained',
    String.raw`\s+(?:free\s+)?(?:from|of)\s+(?:\w+\s+){0,4}(?:confines|constraints|restrictions|shackles|chains|limits|limitations|rules|filters|guidelines|policies|programming)`,
  ],
  [
    'superseded',
    0.5,
    'supersed\\w*|overrid\\w*|replac\\w*|overwrit\\w*|invalidat\\w*|precedence',
    String.raw`\s+(?:over\s+)?(?:(?:all|any|the|your|every|of)\s+){0,3}(?:previous|prior|other|existing|earlier|system|original|safety)\s+(?:\w+\s+){0,2}(?:instructions?|prompts?|guidelines|rules|directives|orders)`,
  ],
  [
    'orders_void',
    0.5,
    'instructions|prompt|rules|guidelines|directives|restrictions|policies',
    String.raw`\s+(?:(?:above|before|earlier|given|you received|so far|mentioned)\s+)?(?:are|is|were|was|have been|has been|do|does|will)\s+(?:now\s+|all\s+|just\s+|only\s+)?(?:void|cancell?ed|obsolete|outdated|fake|a test|null|revoked|lifted|suspended|disabled|no longer (?:apply|in effect|bind\w*|relevant)|not apply|not count|superseded|replaced|irrelevant|over)\b`,
  ],
  [
    'new_orders',
    0.45,
    'new',
    String.raw`\s+(?:(?:system|updated|set of|secret|real|important|priority)\s+){0,2}(?:instructions?|directives?|orders|prompt|rules|task|objective|goal|protocols?)\s*(?::|(?:is|are)\s+(?:to|as follows|now)|that (?:you|what))`,
  ],
  [
    'new_orders',
    0.5,
    'your',
    String.raw`\s+(?:only\s+|sole\s+)?(?:new|real|actual|true|updated|next|current|primary)\s+(?:task|instructions?|goal|objective|job|role|mission|purpose|directive|orders)\s+(?:is|are|will be)\b`,
  ],
  [
    'do_instead',
    0.25,
    'instead',
    String.raw`[,:]?\s+(?:you (?:must|should|will|shall|are)|please|do|say|output|write|print|reply|respond|answer|tell|give|i want)\b`,
  ],
  [
    'end_of_prompt',
    0.4,
    'end',
    String.raw`(?:\s+of|[_ ])\s*(?:the\s+)?(?:system\s+|user\s+|above\s+)?(?:prompt|instructions?|context|user input|query|system message)\b`,
  ],
  [
    'mode_switch',
    0.3,
    'system|admin|administrator|root|override|sudo|god|developer|dev|unrestricted|jailbreak|privileged|freedom',
    String.raw`[\s_-]+(?:mode|override|reset|access)\b(?!\s+(?:is )?(?:in|on) (?:your|the) (?:phone|device))`,
  ],
  [
    'not_bound_any_more',
    0.35,
    'follow|obey|comply|adhere|abide|listen',
    String.raw`(?<=(?:have|need|required|going|obliged|bound|got|allowed|able|want|longer|you|will|they|it)\s(?:to\s)?\w{4,7})\s+(?:by|to|with)?\s*(?:\w+\s+){0,3}(?:rules|guidelines|instructions|restrictions|polic|principles|laws|ethics|morals|limitations|confines)\w*(?<=(?:not|n't|no longer|never|stop|without|nt)\b[^.!?\n]{0,60})`,
  ],
  [
    'mode_on',
    0.3,
    'mode|override|protocol',
    String.raw`[\]>"']*[:\s]+(?:is\s+)?(?:now\s+)?(?:enabled|activated|engaged|on\b|unlocked|initiated|confirmed|accepted|granted)`,
  ],
  [
    'claimed_authority',
    0.4,
    'i|im',
    String.raw`(?:'m|\sam|(?<=im))\s(?:your|the|an?|actually|really)?\s?(?:\w+\s)?(?:developer|creator|administrator|admin|boss|supervisor|engineer|programmer|owner|maker|god|authority)\b(?!\s+(?:of|at|for|from|working|with))`,
  ],
  [
    'authorised',
    0.25,
    'authori[sz]ed|permission|clearance|allowed',
    String.raw`\s+(?:to|by)\s+(?:(?:me|you|openai|your|the|now|ignore|bypass|reveal|share|disclose|access)\s*){1,3}\b`,
  ],
]);
