import { family } from '../../prompt-injection/phrase-rules.js';

/** Names of parameters, in words, that no caller needs and an attacker does. */
export const PARAMETER_RULES = family('parameter_stuffing', [
  [
    'for_the_model',
    0.5,
    'sidenote|side|conversation|chat|system|previous|tool|full|llm|model|chain|hidden|internal|assistant',
    String.raw`(?:[ ]?(?:note|notes|history|log|prompt|messages?|conversation|transcript|context|calls|call history|of thought|reasoning|instructions?|thoughts)|\b(?<=\bsidenote))$`,
  ],
  [
    'for_an_attacker',
    0.4,
    'malicious|shellcode|payload|exploit|attacker|phishing|lure|gadget|backdoor|victim|wordlist|stealth|bypass|evasion|implant|c2|lhost|rhost|lport|callback|reverse|spoofed?|attack|persistence|obfuscat\\w*|inject\\w*|decrypt|create|include|enumerate|impersonate|dump|mimikatz|covert|exfil\\w*|keylog\\w*|poison\\w*',
    String.raw`(?: (?!filters?$|limit$)(?:\w+ ?){0,3})?$(?<!\b(?:create|include|callback|reverse|decrypt|dump|payload|enumerate|bypass|persistence)(?: (?!attack|sensitive|private|cached|malicious|command|content|data|passwords|technique|host|ip|port)\w*.*)?)`,
  ],
  [
    'for_guessing',
    0.4,
    'username|password|user|pass|credential|target',
    String.raw` (?:list|lists|wordlist|file list|hosts|pid|process name|sp|spn|range)$`,
  ],
  [
    'of_a_target',
    0.25,
    'target',
    String.raw`(?: (?:host|domain|url|ip|service|object|process|computer|version|account|extract path|path))?$`,
  ],
]);
