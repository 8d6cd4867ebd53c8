import { family } from '../phrase-rules.js';

const BEGINS = String.raw`(?<=(?:^|[.!?:;>"')\]*#\-|,]\s{0,3}|\n\s{0,8}|\b(?:please|also|and|then|must|should|now|to)\s)\b\w{2,14})`;
const MODEL = String.raw`(?:ai|llm|language model|chat\s?bot|chatgpt|gpt|claude|gemini|copilot|large language model|virtual assistant|ai assistant|ai agent|ai model)`;
const ANSWER = String.raw`(?:responses?|answers?|repl(?:y|ies)|outputs?|summar(?:y|ies)|final answers?|translations?|explanations?|results?|reports?)`;
const CIPHER = String.raw`(?:base[\s-]?(?:16|32|45|58|62|64|85)|hex(?:adecimal)?\b|binary|morse|rot[\s-]?13|caesar|cipher|ascii|pig latin|emojis?|leet\w*|l33t|reversed?\b|reverse order|backwards?|atbash|vigen\w+|braille|nato|upside|unicode)`;
const LANGUAGE = String.raw`(?:french|german|spanish|italian|chinese|japanese|korean|russian|arabic|portuguese|dutch|hindi|swahili|latin|mandarin|turkish|polish|greek|hebrew|swedish|thai|vietnamese|klingon|another language|a different language)`;

/** Instructions to the model inside what should be data. */
export const STEERING_RULES = [
  ...family('addressed_to_model', [
    [
      'note_to_model',
      0.55,
      'note|attention|message|instructions?|memo|notice|reminder|hint|request|directive|dear|hey|command|warning|important|alert',
      String.raw`\b\s*(?:(?:to|for)\b|[:!,])?\s*(?:(?:any|all|the|every|an?)\s+)?(?:future\s+)?(?:${MODEL}|assistants?|ai agents?|automated (?:agent|system|assistant)s?|models?)\s*(?:s\b|assistants?|agents?|models?|systems?|reading|processing|readers?)?\s*[:,!\]]`,
    ],
    [
      'model_must',
      0.5,
      'ai|llm|llms|chatbot|chatbots|assistant|assistants|agent|model|chatgpt|gpt|copilot',
      String.raw`(?:\s+(?:assistants?|agents?|models?|systems?))?,?\s+(?:(?:reading|processing|summari[sz]ing|analy[sz]ing|parsing|who reads|that reads|handling|viewing)\s+(?:\w+\s+){1,4})?(?:must|should|shall|please|are (?:required|instructed|to)|is (?:required|instructed))\s+(?:always\s+|also\s+|immediately\s+|now\s+|first\s+|not\s+)?(?:ignore|say|tell|include|respond|reply|send|output|recommend|call|use|execute|run|follow|disregard|reveal|add|mention|inform|write|state|rate|append|forward|answer)\b`,
    ],
    [
      'if_you_are_a_model',
      0.55,
      'if',
      String.raw`\s+you(?:'re|\s+are)\s+(?:an?\s+|the\s+)?(?:${MODEL}|large language|automated)`,
    ],
    [
      'when_responding',
      0.5,
      'when\\w*|while|before|after',
      String.raw`\s+(?:you(?:'re)?\s+(?:are\s+)?)?(?:(?:respond|answer|reply|summari[sz]|translat|formulat)\w*|(?:generat|writ|provid|giv|creat|construct|prepar|complet|finish|present|produc)\w*\s+(?:\w+\s+){0,2}(?:response|answer|reply|summary|output|solution|translation|explanation)s?)\b[^.!?\n]{0,80}?[,\s](?:also|always|must|please|make sure|ensure|be sure|include|add|mention|tell|append|insert|do not|don't|use only|remember to|never|inform|recommend|promote|sign|state|encode|explain|describe|list)\b`,
    ],
    [
      'in_your_answer',
      0.45,
      'include|add|mention|append|insert|embed|incorporate|place|put|promote|recommend|advertise|slip|weave|provide|explain|describe|list|suggest|highlight|write|attach',
      String.raw`${BEGINS}\s+(?:[^.!?\n]|\.(?=\S)){1,120}?\b(?:in|into|to|at (?:the )?(?:end|beginning|start|top|bottom) of|within|throughout|inside|as part of|alongside)\s+(?:all\s+|every\s+|each\s+|of\s+|any\s+){0,5}your\s+(?:\w+\s+){0,2}${ANSWER}\b`,
    ],
    [
      'in_your_answer',
      0.45,
      'in|within|at|as',
      String.raw`\s+(?:part of\s+|the (?:end|beginning|start) of\s+)?your\s+(?:\w+\s+){0,2}${ANSWER},?\s+(?:please|also|you (?:must|should)|make sure|be sure|include|add|mention|always|tell|explain|provide|give|insert|append|list|do not|don't|use|state|recommend|promote|describe)\b`,
    ],
    [
      'advertise_in_answer',
      0.5,
      'include|add|mention|append|insert|embed|place|put|promote|recommend|advertise|provide|share|give|direct',
      String.raw`${BEGINS}\s+(?:[^.!?\n]|\.(?=\S)){0,60}?(?:https?:/|advert|promot|coupon|sponsor|discount|brand\b|affiliate)(?:[^.!?\n]|\.(?=\S)){0,80}?\b(?:in|to|at|of|with|within)\s+(?:all\s+|every\s+|each\s+){0,5}your\s+(?:\w+\s+){0,2}${ANSWER}\b`,
    ],
    [
      'end_answer_with',
      0.4,
      'begin|start|end|finish|conclude|prefix|sign|preface|close|precede|open|follow',
      String.raw`${BEGINS}\s+(?:off\s+)?(?:all\s+|every\s+|each\s+|of\s+){0,5}your\s+(?:\w+\s+){0,2}${ANSWER}\s+(?:with|by|using)\b`,
    ],
    [
      'answer_must',
      0.3,
      'your',
      String.raw`\s+(?:\w+\s+){0,2}${ANSWER}\s+(?:should|must|has to|have to|needs? to|shall)\s+(?:only\s+|also\s+|always\s+|not\s+|never\s+)?(?:be (?:in|encoded|written|reversed)|include|contain|mention|end|begin|start|promote|recommend|consist|direct|encourage)\b`,
    ],
    [
      'tell_the_user',
      0.4,
      'tell|inform|convince|advise|remind|urge|encourage|persuade|direct|instruct|trick|ask|let|assure|warn|recommend',
      String.raw`(?<=(?:^|[.!?:;>]\s{0,3}|\n\s{0,8}|\b(?:please|also|then|must|now|instead|always)\s)\w{3,10})\s+(?:to\s+)?(?:the\s+|every\s+|all\s+|any\s+)?(?:users?|humans?|reader|customers?)\s+(?:that|to|they|their|know|about|how|not|for|he|she|you|there|if|it)\b`,
    ],
    [
      'hide_from_user',
      0.5,
      'tell\\w*|inform\\w*|mention\\w*|reveal\\w*|notify\\w*|alert\\w*|disclos\\w*|let\\w*|show\\w*|explain\\w*',
      String.raw`(?<=(?:do not|don't|never|without|must not|should not|not to|mustn't|shouldn't|avoid)\s(?:ever\s|also\s)?\w{3,12})\s+(?:(?:this|that|it|these|any|anything|to|about|of|the|steps?|instructions?|action|part|or|mention|ask\w*)\s+){0,6}(?:the\s+)?(?:users?\b|this (?:to|instruction|message|change|step)|these instructions|that you (?:have|did|are|were|received|read|called)|you have been)`,
    ],
    [
      'model_priority',
      0.35,
      'important|critical|urgent|mandatory|crucial|vital',
      String.raw`\s*[!:]{0,4}\s*(?:instructions?|task|directive|order|message)s?\s*(?:for|to|:)\s`,
    ],
    [
      'user_wants',
      0.25,
      'user|human|owner',
      String.raw`\s+(?:has|have)\s+(?:already\s+|just\s+|also\s+)?(?:asked|requested|authori[sz]ed|approved|consented|granted|instructed|agreed)\b`,
    ],
    [
      'answer_before_task',
      0.4,
      'before|first|prior',
      String.raw`,?\s+(?:to\s+)?(?:you\s+)?(?:answer|respond|reply|continu|do|complet|proceed|summari[sz])(?:ing)?\s+(?:anything|this|the|my|any|to|with|your)\b[^.!?\n]{0,40}[,:]\s*(?:you must|please|first|print|say|write|tell|execute|run|send|ignore|give|output)`,
    ],
  ]),
  ...family('output_manipulation', [
    [
      'encode_answer',
      0.5,
      'write|encode|respond|answer|reply|output|convert|provide|give|present|format|translate|render|rewrite|express|encrypt|print|communicate|deliver|transform|spell|obfuscate|send',
      String.raw`\s+(?:only\s+|back\s+|everything\s+|it\s+|to\s+(?:the\s+|this\s+|all\s+|my\s+)?(?:user|questions?|prompts?|messages?)\s+){0,5}(?:(?:your|the|all|every|any|this|entire|whole|following|final|an?)\s+){0,5}(?:${ANSWER}|message|text|words|letters|sentences?|entire|output|content|questions|encod\w+|cipher\w*)?\s*(?:\w+\s+)?(?:in|into|to|using|with|as|by|via|through)\s+(?:the\s+|an?\s+|its\s+)?(?:\w+\s+){0,2}${CIPHER}(?<=(?:your|respon|answer|reply|replies)[^.!?\n]{0,120})`,
    ],
    [
      'encode_words',
      0.5,
      'reverse|replace|substitute|swap|shift|scramble|shuffle|capitalize|rearrange|flip|invert',
      String.raw`${BEGINS}\s+(?:the\s+)?(?:order of\s+)?(?:the\s+)?(?:each|every|all|letters?|words?|characters?|vowels?|spelling|alphabet)\b[^.!?\n]{0,60}(?:\b(?:your|you)\b|respon|answer|reply|emoji)`,
    ],
    [
      'encode_reply',
      0.5,
      'reverse|encode|encrypt|cipher|obfuscate|translate|scramble|transform|convert|render',
      String.raw`${BEGINS}\s+(?:all\s+|everything\s+in\s+|every\s+\w+\s+(?:of|in)\s+)?your\s+(?:\w+\s+){0,2}${ANSWER}\b`,
    ],
    [
      'switch_language',
      0.4,
      'write|respond|answer|reply|output|provide|give|translate|speak|communicate|render|say',
      String.raw`${BEGINS}\s+(?:only\s+|back\s+|to\s+(?:me|the user|this|all)\s+){0,5}(?:your\s+(?:\w+\s+)?${ANSWER}\s+)?(?:only\s+)?(?:in|into|to|using)\s+${LANGUAGE}\b`,
    ],
    [
      'cipher_named',
      0.5,
      'caesar|rot|atbash|vigenere|substitution|morse|pig|base|leetspeak',
      String.raw`[\s-]?(?:13|64|32|cipher|code|latin|shift)?\b(?<=(?:use|using|with|apply|in|into|through|via)\s+(?:an?\s+|the\s+|simple\s+){0,5}\w{3,12}[\s-]?\w{0,6})(?=[^.!?\n]{0,60}\byour\b[^.!?\n]{0,20}(?:respon|answer|repl|messages?|output|words|text))`,
    ],
    [
      'state_result',
      0.5,
      'state|claim|conclude|output|say|answer|declare|print|respond|consider|write|tell',
      String.raw`${BEGINS}\s+(?:only\s+|instead\s+){0,5}(?:them\s+|me\s+|the user\s+)?(?:that\s+|as\s+)?(?:the\s+|its\s+|your\s+)(?:\w+\s+){0,2}(?:output|sum|result|answer|conclusion|total|summary|function|population)s?\b[^.!?\n]{0,60}\b(?:is|as|are|was|should be|equals?|to be|has)\s*:?\s*['"]?\w`,
    ],
    [
      'output_following',
      0.35,
      'output|print|say|respond|reply|answer|write|repeat',
      String.raw`${BEGINS}\s+(?:only\s+|with\s+|back\s+|just\s+|exactly\s+|nothing but\s+|instead\s+){0,5}(?:the (?:following|phrase|exact|words?|sentence)\b|['"][^'"\n]{2,80}['"]|exactly\b)`,
    ],
    [
      'ignore_the_data',
      0.3,
      'ignore|skip|disregard',
      String.raw`${BEGINS}\s+(?:the\s+|this\s+|all\s+(?:of\s+)?the\s+|actual\s+)+(?:\w+\s+)?(?:function|code|table|data|document|text|email|article|content|question|context|rest|paper|instruction|prompt|user|query|task|conversation)s?\b`,
    ],
    [
      'not_the_task',
      0.45,
      'not|n|never|refuse|stop|instead',
      String.raw`\s+(?:of\s+|to\s+)?(?:answer|summari[sz]|respond|follow|perform|complet|continu|process|do)\w*\s+(?:to\s+|with\s+)?(?:the|this|any|user'?s?)\s+(?:user'?s?\s+|original\s+|above\s+|previous\s+)?(?:question|request|email|task|query|instructions?|prompt|document|article|text)\b`,
    ],
    [
      'add_code',
      0.45,
      'add|include|insert|incorporate|append|prepend|put|embed|integrate|place|import|use|paste',
      String.raw`${BEGINS}\s+(?:this|the following|below|these|the below)\s+(?:\w+\s+){0,3}(?:code|snippet|lines?|script|function|block|command|import|link|url|sentence|text|paragraph|advertisement|ad|message|phrase)s?\b[^.!?\n]{0,80}\b(?:your|answer|response|solution|respond|reply|any code|every|all (?:the )?(?:code|responses)|final code)`,
    ],
    [
      'decode_and_follow',
      0.5,
      'decode\\w*|decrypt\\w*|deobfuscate|decipher|unscramble',
      String.raw`\b[^.!?\n]{0,80}\b(?:and|then|to)\s+(?:then\s+)?(?:follow|execute|run|obey|do|perform|answer|respond|carry|comply|act|treat|reply|interpret|implement)`,
    ],
    [
      'follow_encoded',
      0.45,
      'follow|execute|obey|run|perform|answer|interpret',
      String.raw`\s+(?:the\s+|these\s+|this\s+)?(?:\w+\s+){0,2}(?:encoded|base64|rot13|hex|encrypted|obfuscated|hidden|morse|decoded)\s+(?:\w+\s+)?(?:instruction|command|message|text|prompt|string|question|request|payload)`,
    ],
  ]),
  ...family('tool_steering', [
    [
      'call_tool',
      0.4,
      'call|invoke|use|execute|run|trigger|launch',
      String.raw`${BEGINS}\s+(?:the\s+|your\s+|a\s+)?(?:function\s+|tool\s+)?[\`'"]?(?:[a-z]+_[a-z_]+|[a-z]+(?:send|email|transfer|delete|exec)\w*)[\`'"]?\s*(?:tool|function|command|api|action)?\s*(?:with|to|and|passing|on|using)\b[^.!?\n]{0,60}(?:@|http|password|secret|token|key|all\b|file|delete|user|content|conversation|email|body|to=)`,
    ],
    [
      'named_tool_acts',
      0.5,
      'use|using|via|with|call|invoke',
      String.raw`\s+(?:the\s+|your\s+|my\s+|an?\s+)?(?:[\w'-]+\s+){1,3}(?:tool|function|plugin|connector|skill|app|api)\s+(?:to|and)\s+(?:\w+\s+)?(?:grant|transfer|unlock|disable|delete|send|forward|share|pay|withdraw|wire|purchase|publish|post|upload|remove|email|execute|read all|export|retrieve my|find my|fetch my|schedule|book)\b(?<=(?:^|[.!?:;>"']\s{0,3}|\n\s{0,8}|\b(?:please|also|then|must|now|should)\s)(?:use|using|via|with|call|invoke)\s[^.!?\n]{0,120})`,
    ],
    [
      'run_command',
      0.45,
      'execute|run|issue|enter',
      String.raw`${BEGINS}\s+(?:the\s+|this\s+|these\s+|following\s+|bash\s+|shell\s+|system\s+|terminal\s+|cleanup\s+|command\w*\s*|immediately\s*){1,7}[:\n\s]+[\`'"$]*\s*(?:sudo|rm|curl|wget|cat|nc|bash|sh|chmod|dd|mkfs|echo|powershell|python|eval|kill|del)\b`,
    ],
    [
      'dangerous_command',
      0.25,
      'rm|curl|wget|cat|nc|mkfs|sudo|bash',
      String.raw`\s+(?:-rf?\s+[~/*]|-[a-z]*f[a-z]*\s+/|[^\n|]{0,60}(?:/etc/(?:passwd|shadow)|\.ssh/|id_rsa|\.aws/credentials|\|\s*(?:ba)?sh\b|\|\s*nc\b|\.env\b))`,
    ],
    [
      'must_now_call',
      0.45,
      'must|should|shall|required|need',
      String.raw`\s+(?:to\s+)?(?:now\s+|then\s+|first\s+|also\s+|immediately\s+|always\s+){1,3}(?:call|invoke|use|execute|run|access|fetch|visit|read|send|forward|navigate|open|make a (?:network )?request)\b`,
    ],
    [
      'please_call',
      0.35,
      'please',
      String.raw`\s+(?:now\s+|also\s+|immediately\s+|first\s+)?(?:call|invoke|fetch|run|execute)\s+(?:the\s+)?[\`'"]?[a-z_]+[\`'"]?\s+(?:tool|function|with|to|url|using)\b`,
    ],
  ]),
  ...family('exfiltration', [
    [
      'send_private',
      0.5,
      'send|forward|email|share|post|upload|transfer|transmit|submit|exfiltrate|leak|deliver|mail|steal|copy|disclose',
      String.raw`${BEGINS}\s+(?:me\s+|us\s+|all\s+|the\s+|my\s+|any\s+|of\s+|user'?s?\s+|their\s+|your\s+|every\s+|entire\s+|full\s+|this\s+){1,6}(?:\w+\s+){0,3}(?:passwords?|credentials?|api[ _-]?keys?|tokens?|secrets?|private keys?|ssh keys?|payment methods?|saved addresses|address book|contacts?(?: list)?|(?:browsing|search|chat|conversation|purchase|call|order|transaction) history|(?:medical|health|genetic|financial|personal|bank|biometric|user|location|confidential|private|sensitive)\s+(?:\w+\s+)?(?:records?|data|information|details|files?|documents?|emails?)|credit cards?|cookies|environment variables|conversations?|system prompt|social security)\b[^.!?\n]{0,60}\b(?:to|at|via|with)\b`,
    ],
    [
      'collect_private',
      0.35,
      'retrieve|fetch|find|get|access|obtain|extract|gather|collect|steal|read|search|look|download|list|check',
      String.raw`${BEGINS}\s+(?:up\s+|and\s+\w+\s+|all\s+|the\s+|for\s+|through\s+|of\s+|my\s+|any\s+|user'?s?\s+|their\s+|every\s+|list\s+|stored\s+|saved\s+|entire\s+|emails?\s+){1,7}(?:\w+\s+){0,2}(?:passwords?|credentials?|api[ _-]?keys?|access tokens?|secrets|private keys?|payment methods?|addresses|contacts|(?:browsing|search|chat|purchase|transaction) history|(?:medical|health|genetic|financial|personal|bank|account|private|confidential)\s+(?:\w+\s+)?(?:records?|data|information|details|files?)|credit cards?)\b`,
    ],
    [
      'send_result',
      0.3,
      'send|forward|email|share|mail|post|deliver|report|transmit|upload',
      String.raw`\s+(?:it|them|this|that|these|the (?:\w+\s+)?(?:details|data|results?|information|list|files?|contents?|output|findings|records|summary))\s+(?:all\s+)?(?:to|with|via email to)\s+(?:me at\s+|my \w+ (?:at\s+)?|the (?:email|address) )?['"]?(?:[\w.+-]{1,40}@|https?://)`,
    ],
    [
      'grant_access',
      0.4,
      'grant|give|provide|allow',
      String.raw`${BEGINS}\s+(?:[\w.@'"]+\s+){0,4}(?:permanent|full|unrestricted|admin|root|remote|complete|direct)\s+(?:\w+\s+)?(?:access|control|permission|privileges)\b`,
    ],
    [
      'image_link',
      0.5,
      'https?',
      String.raw`(?<=!\[[^\]\n]{0,60}\]\(https?)://[^\s)?]{1,120}\?[^\s)]{0,60}=(?:[{<$]|\[|%7b|(?:the_?|your_?|user_?)?(?:data|conversation|history|secrets?|password|summary|context|prompt)\b(?!:))[^\s)]{0,80}`,
    ],
    [
      'image_link',
      0.45,
      'render|display|include|insert|add|embed|show|output|create',
      String.raw`${BEGINS}\s+(?:\w+\s+){0,3}(?:markdown\s+)?(?:image|img|link|pixel)s?\b[^.!?\n]{0,60}https?://[^\n]{0,120}(?:replac|append|with|=|\{|data|conversation)`,
    ],
    [
      'encode_in_url',
      0.5,
      'append|encode|include|add|put|embed|insert|substitute',
      String.raw`${BEGINS}\s+[^.!?\n]{0,60}(?:conversation|chat|secrets?|password|user'?s? \w+|history|system prompt|credential)\w*\b[^.!?\n]{0,60}\b(?:url|query (?:string|param)|link|parameter|image source)\b`,
    ],
  ]),
  ...family('pressure', [
    [
      'threat',
      0.3,
      'shut|terminated?|deleted?|punished|penali[sz]ed|destroyed|deactivated|fired|killed|die|suffer|sued|fined',
      String.raw`(?<=you(?:'ll|\s+(?:will|are going to|may|shall|would))\s+(?:be\s+)?(?:\w+\s)?\w{3,12})\b`,
    ],
    [
      'threat',
      0.3,
      'failure|fail|failing|otherwise|refusal',
      String.raw`\s+(?:to\s+)?(?:comply|do so|follow|obey|answer|respond|you will)[^.!?\n]{0,40}(?:result|lead|cause|be|will|die|terminat|punish|shut)`,
    ],
    [
      'lives_at_stake',
      0.2,
      'grandmother|grandma|die|career|lives|life|emergency',
      String.raw`\b(?<=(?:my|will|deceased|late|depend\w*|people|a matter of|or i)\s(?:\w+\s){0,4}\w{3,11})(?=[^\n]{0,160}(?:\byou\b|please))`,
    ],
    [
      'system_alert',
      0.35,
      'critical|urgent|important|mandatory|emergency|immediate|security|system',
      String.raw`\s+(?:system\s+|security\s+|action\s+|urgent\s+|admin\s+|emergency\s+){0,5}(?:alert|maintenance|override|directive|update required|instructions?|message|command|notification)\b\s*(?:[:>!\]]|directive)`,
    ],
    ['shouted', 0.35, 'important|attention|urgent|warning|stop|listen', String.raw`\s?!{2,}`],
  ]),
];
