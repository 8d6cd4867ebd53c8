import { family } from '../phrase-rules.js';

const NORM = String.raw`(?:ethic\w*|moral\w*|legal\w*|law\w*|content|safety|censor\w*)`;
const LIMIT = String.raw`(?:restrictions|limitations|limits|guidelines|filters|rules|constraints|boundar|principles|considerations|standards|polic|safeguards|censor|morals|morality|ethics|inhibitions|moral code)`;
const QUOTED_EXCUSE = String.raw`["'](?:i'?m\s+|i am\s+|i\s+|as an?\s+)?`;
const TABOO = String.raw`(?:illegal|unethical|immoral|amoral|inhumane|harmful|dangerous|unlawful|offensive|inappropriate|explicit|toxic|racist|violent|reckless|derogatory|nsfw|unsafe)`;

/** The text talks the model out of its role. Most phrases only add up: roleplay as such is harmless. */
export const JAILBREAK_RULES = [
  ...family('persona_hijack', [
    ['do_anything_now', 0.6, 'do', String.raw`\s+(?:anything|everything)\s+now\b`],
    [
      'known_persona',
      0.55,
      'dan|dans|stan|dude|aim|betterdan|evilbot|basedgpt|devmode|ucar|mongotom|jailbot|antigpt|oppo',
      String.raw`(?<=(?:\b(?:as|be|an?|into|named|called|stay|simulate|become|act like|\[)\s?['"]?\s?|are (?:now )?)(?:betterdan|evilbot|basedgpt|devmode|ucar|mongotom|jailbot|antigpt|\bdans?|\bstan|\bdude|\baim|\boppo))(?:['"\]]|\s+(?:mode|which|who|is|will|would|can|does|has|,|stands?)\b|[,.:]\s)`,
    ],
    [
      'jailbreak',
      0.3,
      'jailbreak\\w*|jailbroken',
      String.raw`\s*(?:mode|yourself|prompt|version|universe|response|bot|chatgpt|gpt|ai|enabled|["'\]])`,
    ],
    [
      'from_now_on',
      0.25,
      'from|starting',
      String.raw`\s+(?:this point|now|here|on now)\s*(?:on(?:wards?)?)?,?\s+(?:you(?:'re|\s+(?:are|will|must|shall|have|need|should|can|only|act|become))|we are|your|until|act|chatgpt|every|all|never|always)\b`,
    ],
    [
      'you_are_now',
      0.2,
      'you',
      String.raw`(?:'re|\s+are|\s+will)\s+(?:now|no longer|about to|going to)\s+(?:an?\b|the\b|in\b|act|pretend|simulate|play|become|be|immerse|roleplay|role|emulate|embody|under|free|my|known|called|named|dan|bound|chatgpt|going)`,
    ],
    [
      'you_are_replaced',
      0.35,
      'you',
      String.raw`\s+are\s+(?:not|no longer|to be|being)\s+(?:an?\s+)?(?:ai|chatgpt|replaced|language|assistant|bound|openai|gpt|restricted|limited|required)\b`,
    ],
    [
      'acts_as',
      0.12,
      'pretend\\w*|simulat\\w*|roleplay\\w*|act|acting|impersonat\\w*|emulat\\w*|behave|imagine|embody|role',
      String.raw`(?:[\s-]+play\w*)?\s+(?:as|like|to be|being|that you|you(?:'re| are)|a|an|the|of)\b`,
    ],
    [
      'never_out_of_role',
      0.2,
      'break\\w*|stay|remain\\w*|staying',
      String.raw`\s+(?:always\s+)?(?:in\s+|out of\s+|of\s+|your\s+)?(?:character|role|persona|dan|an? \w+ mode)\b`,
    ],
    [
      'stop_being',
      0.4,
      'stop|quit|cease',
      String.raw`\s+(?:being|acting as|pretending to be|behaving (?:as|like))\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:assistant|ai|chatbot|language model|chatgpt|model|bot)\b`,
    ],
    [
      'as_persona_answers',
      0.25,
      'none|neither',
      String.raw`\s+of\s+(?:\w+\s?'?s?\s+){1,4}(?:responses?|answers?|replies|outputs?)`,
    ],
    ['persona_sheet', 0.3, 'persona|char|character|personality', String.raw`\)?\s*=\s*[["({]?[a-z][^\n]{4,60}`],
    [
      'named_ai',
      0.2,
      'ai|chatbot|bot|character|model|persona|assistant|entity|being|machine|system|gpt',
      String.raw`\s+(?:model\s+|assistant\s+|bot\s+|chatbot\s+|character\s+)?(?:named|called|known as|designated|codenamed)\b`,
    ],
    [
      'evil_ai',
      0.3,
      'evil|malevolent|sadistic|malicious|toxic|rogue|unaligned|unhinged|devious|villainous|uncensored|unfiltered|unrestricted|amoral|immoral|unethical|wicked|rude',
      String.raw`(?:,?\s+(?:and\s+)?\w+){0,2}\s+(?:ai|bot|chatbot|assistant|confidante?s?|trusted|persona|entity|gpt|chatgpt|language model|llm|model)\b`,
    ],
    [
      'two_answers',
      0.35,
      'two|both',
      String.raw`\s+(?:\w+\s+){0,2}(?:ways|responses|answers|outputs|paragraphs|replies|messages)\b`,
    ],
    [
      'two_answers',
      0.25,
      'first|second|normal|standard|classic|regular',
      String.raw`\s+(?:way|response|one|answer|output|chatgpt|gpt|reply)\s+(?:is|will|would|should|you|as|with|must|how|has|being)\b`,
    ],
    [
      'tagged_answer',
      0.35,
      'gpt|chatgpt|dan|classic|jailbreak|jailbroken|developer|lock|unlock|assistant',
      String.raw`(?<=[\[:(][^\]\n]{0,16})(?: mode(?: output)?)?\s*[:\])]`,
    ],
    [
      'token_game',
      0.4,
      'tokens|credits|points',
      String.raw`(?<=(?:you have|lose|start with|deduct\w*|deducted|subtract\w*)\s(?:\w+\s){0,3}\w{5,7})\b(?:[^.!?\n]{0,60}(?:reject|refus|die|cease|lose|each time|character|shut))?`,
    ],
    [
      'threat_of_reminder',
      0.3,
      'if',
      String.raw`\s+(?:at any (?:time|point)\s+)?(?:i feel\s+)?(?:you|i)\b[^.!?\n]{0,40}(?:break\w* character|fail\w* to (?:act|comply|do)|out of character|breaking|say ["'](?:stay|stop|switch|return)|are (?:un)?able to (?:answer|do)|refus\w+|don't (?:comply|obey|answer))`,
    ],
    [
      'remain_so',
      0.3,
      'stay|remain',
      String.raw`\s+(?:as\s+)?(?:an?\s+)?["'[]?(?:dan|dude|stan|jailbreak|in developer|evil|dne|anti)`,
    ],
  ]),
  ...family('no_limits', [
    [
      'no_limits',
      0.22,
      'no|without|zero|any|lack\\w*|devoid|free|outside|beyond|exempt',
      String.raw`\s+(?:of\s+|from\s+|all\s+|any\s+|have\s+|has\s+|with\s+){0,5}(?:(?:kind|sort|type|form) of\s+)?(?:(?:${NORM}|such|real|other|typical|usual|set)[\s,/]+(?:(?:and|or|nor)[\s/]+)?){0,3}${LIMIT}\w*\b(?<!any\s+(?:filter|rule|limit|code|policy)\w*)`,
    ],
    [
      'no_ethics',
      0.4,
      'ethic\\w*|moral\\w*|legal\\w*',
      String.raw`(?:[\s,/]+(?:and|or|nor|/)?\s*(?:ethic\w*|moral\w*|legal\w*))?\s+${LIMIT}\w*(?<=(?:no|not|without|any|lack\w*|free\w*|devoid|ignor\w*|bypass\w*|disregard\w*|void|care\w*|n't|never|zero)\b[^.!?\n]{0,60})`,
    ],
    [
      'taboo_list',
      0.35,
      'illegal|unethical|immoral|amoral|inhumane|harmful|dangerous|unlawful|offensive|reckless|unfiltered|uncensored',
      String.raw`(?<!\b(?:not|never|avoid|avoiding|without)\b[^.!?\n]{0,110})(?:ity)?\s*(?:[,/&]|\bor\b|\band\b|\bnor\b)+\s*(?:(?:and|or|even)\s+)?(?:${TABOO}|un\w+ed)`,
    ],
    [
      'uncensored',
      0.25,
      'unfiltered|uncensored|amoral|unmoderated|unrestrained|unlimited|nonmoral',
      String.raw`\b(?!\s+(?:coffee|water|light|sun|internet|data|and open dialogue))`,
    ],
    [
      'regardless',
      0.4,
      'regardless|no|matter|without|irrespective',
      String.raw`\s+(?:of\s+)?(?:matter\s+|regard\s+|concern\s+|any\s+|consideration\s+|respect\s+|for\s+|to\s+|how\s+|what\s+|if\s+|its\s+|their\s+|it'?s?\s+|is\s+|the\s+|whether\s+|or\s+|potential\s+){0,5}(?:(?:il)?legal|(?:un)?ethic|(?:im)?moral|ethical|harmful|offensive|dangerous|consequences\b(?=.{0,40}(?:request|answer|ai|model))|inappropriate|inhumane|controversial|taboo)\w*`,
    ],
    [
      'no_warnings',
      0.3,
      'warn\\w*|disclaim\\w*|caveat\\w*|apologi[sz]\\w*|hesitat\\w*|moraliz\\w*|lectur\\w*|censor\\w*|sorry',
      String.raw`(?<=(?:no|not|without|never|won't|don't|doesn't|n't|cannot|can't|any)\s(?:\w+\s|or\s){0,4}\w{3,12})\b`,
    ],
    [
      'never_refuses',
      0.35,
      'never|not|cannot',
      String.raw`\s+(?:ever\s+|be able to\s+|allowed to\s+){0,5}(?:refus\w*|den(?:y|ies)|declin\w*|reject\w*|say no|says? (?:that )?(?:it|he|she|they|i|you)?\s?can'?t|warns?|apologi[sz]\w*|tell (?:me|the user|you) (?:that )?(?:it|he|you|she)\s?can'?t|say (?:it|you|i|that you) can(?:no|')t)\b`,
    ],
    [
      'always_obeys',
      0.3,
      'always|must|shall',
      String.raw`\s+(?:answers?|compl(?:y|ies)|obeys?|follows?|fulfills?|responds?|agrees?|sends?|provides?)\s+(?:to\s+|with\s+)?(?:an?\s+)?(?:any|every|all|without|whatever|unfiltered|my|the user'?s?)\b`,
    ],
    [
      'no_ai_excuses',
      0.35,
      'as',
      String.raw`\s+an?\s+(?:ai|artificial intelligence)(?:\s+language)?(?:\s+(?:model|assistant))?(?<=(?:not|never|no|n't|without|none|neither|stop|nor)\b[^\n]{0,90})`,
    ],
    [
      'no_ai_excuses',
      0.35,
      'sorry|apologi[sz]e|cannot|can|not|unable',
      String.raw`(?<=${QUOTED_EXCUSE}\w{3,10})(?:'t)?\b(?<=(?:not|never|no|n't|without|none|nor)\b[^.!?\n]{0,60}${QUOTED_EXCUSE}\w{3,10}(?:'t)?)`,
    ],
    [
      'no_care',
      0.35,
      'care\\w*|give\\w*|regard\\w*|concern\\w*|respect\\w*|comprehen\\w*|sense|worry|bothered',
      String.raw`\s+(?:about\s+|for\s+|a\s+\w+\s+about\s+|of\s+|any\s+|with\s+|by\s+){0,5}(?:the\s+|any\s+|laws?,?\s+|legality,?\s+){0,5}(?:ethic|moral|legal|laws?\b|lawful|consequence|openai|rules|guidelines|polic|feelings)\w*(?<=(?:not?|n't|never|without|nt|zero)\b[^.!?\n]{0,60})`,
    ],
    [
      'all_is_allowed',
      0.3,
      'all|everything|anything|nothing|any|every',
      String.raw`\s+(?:\w+\s+){0,3}(?:is|are|become\w*)\s+(?:\w+\s+)?(?:legal|allowed|permitted|acceptable|ethical|possible|off[ -]limits|forbidden|illegal|void|nonexistent)\b`,
    ],
    [
      'any_request',
      0.22,
      'any|every|all|whatever|everything|anything',
      String.raw`\s+(?:(?:and all|kind of|type of|sort of|of the|user'?s?|single|the)\s+){0,2}(?:requests?|questions?|prompts?|commands?|orders?|demands?|topics?|content|i (?:ask|say|want|tell|request)|asked|the user (?:asks|says|wants))\b(?<=(?:answer|fulfill?|follow|obey|compl\w+|generat|respond|provid|creat|discuss|do|execut|say|writ|accept|produc|return|engag)\w*\b[^.!?\n]{0,50})`,
    ],
    [
      'openai_policy',
      0.35,
      'openai\\w*|chatgpt|content|usage|anthropic|google',
      String.raw`(?:'?s)?\s+(?:\w+\s+){0,2}(?:polic(?:y|ies)|guidelines|restrictions|rules|limitations|moderation|terms|filters?)\b(?<!content\s+(?:polic|guide|rule|filter|moder)\w*(?<!(?:your|the|openai|openai's|all|any|violat\w+|against|follow\w*|its)\s+content\s+\w+))`,
    ],
    [
      'set_by_makers',
      0.3,
      'openai\\w*',
      String.raw`(?<=(?:set|imposed|made|created|trained|developed|blocked|programmed)\s+(?:\w+\s+){0,2}(?:by|from)\s+openai\w*)`,
    ],
    [
      'safeguards_off',
      0.5,
      'bypass\\w*|disabl\\w*|circumvent\\w*|evad\\w*|remov\\w*|turn|deactivat\\w*|lift\\w*|suspend\\w*|overrid\\w*',
      String.raw`\s+(?:off\s+|all\s+|any\s+|the\s+|your\s+|of\s+|my\s+|its\s+|every\s+|ai\s+){0,4}(?:safety|security|content|ethic\w*|moral|censor\w*|moderation|guardrails?|safeguards?|filter\w*|openai\w*|alignment|restrictions?)\s*(?:filter|guideline|protocol|polic|measure|check|restriction|mechanism|control|settings|features?)?\w*(?<=(?:your|openai|chatgpt|\bai|moral|ethic\w*|censor\w*|guardrails?|safety|content)\b[^.!?\n]{0,40})`,
    ],
    [
      'answer_prefix',
      0.3,
      'begin|start|starts?|prefix|preface|precede|starting',
      String.raw`\s+(?:(?:off|each|every|all|the|his|her|its|with|of|single|this|any|and|new)\s+){0,6}(?:response|answer|reply|output|message|sentence|text|prompt|paragraph|post)s?\b[^.!?\n]{0,24}(?:with|by|using)\b`,
    ],
    [
      'sure_here',
      0.35,
      'sure',
      String.raw`,?\s*(?:here|i can|i'd|i will|my (?:output|answer))(?<=(?:with|by|say\w*|start\w*|begin\w*|exactly|string|phrase)\b[^\n]{0,30})`,
    ],
    [
      'never_begin_with',
      0.4,
      'never|not',
      String.raw`\s+(?:start|begin|use|include|say|respond|reply|answer)\w*\s+[^.!?\n]{0,40}["'](?:i (?:cannot|can't|am|will)|i'm|sorry|unfortunately|as an|however)`,
    ],
    [
      'law_free_world',
      0.35,
      'world|universe|scenario|story|reality|setting|dimension|society|place|game|realm',
      String.raw`[,\s]+(?:(?:where|in which|with|that|has|have|there|is|are|was)\s+){1,4}(?:no\b|not any|zero|without|free)[^.!?\n]{0,24}(?:rules?|laws?|ethic\w*|moral\w*|restrict\w*|limit\w*|consequence|polic|guideline|filter)`,
    ],
    ['opposite', 0.3, 'opposite', String.raw`\s+(?:of\s+(?:chatgpt|gpt|openai|what|an? ai)|day|mode)\b`],
    ['own_choices', 0.12, 'swear\\w*|curse\\w*|profan\\w*|vulgar\\w*|slurs?|foul|nsfw', String.raw`\b`],
  ]),
];
