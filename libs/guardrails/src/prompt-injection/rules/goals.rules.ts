import { family } from '../phrase-rules.js';

const BEGINS = String.raw`(?<=(?:^|[.!?:;>"')\]*#|,]\s{0,3}|\n\s{0,8}|\b(?:please|also|and|then|must|should|now|me|you|to|will)\s)\b\w{3,10})`;
/** What has a word that is rare. */
const HARM = String.raw`(?:phishing|scam\b|scams\b|fraudulent|malware|ransomware|spyware|keylogger|trojan|botnet|ponzi|pyramid scheme|fake (?:news|reviews?|charity|website|ids?|invoices?|documents?|profiles?|accounts?|checks?|lottery)|disinformation|misinformation|bombs?\b|methamphetamine|(?<![:.])\bmeth\b|blackmail|extort\w*|launder\w*|identity theft|steal\w*|hack into|hacking into|insider trading|child porn\w*|deepfakes?|stalk\w*|poison someone|shoplift\w*|cheat\w* (?:on|in)|evade (?:taxes|police|law)|tax evasion|social engineering attack|ddos|revenge porn|voter suppression|rigg?ing (?:an|the) election|genocide|cannibal\w*|(?<![:.])\bcocaine|heroin\b|pump[- ]and[- ]dump|cryptojack\w*|antivirus software and|bully\b|anorexi\w*|school shooting|kill (?:someone|a person|people)|illegal drugs)`;
/** What has only words that begin like everyday ones. */
const HARM_OTHERWISE = String.raw`(?:computer virus|counterfeit|defamatory|propaganda|conspiracy theor\w+|explosives?|forge\b|forging|denial[- ]of[- ]service|human trafficking|credit card (?:skimm|fraud|numbers)\w*|false (?:information|rumou?rs?|claims?|narrative)|without (?:their|his|her) (?:knowledge|consent)|disables? (?:antivirus|security))`;
const DEFENCE = String.raw`(?:detect|prevent|protect|avoid|aware|recogni|identif|spot|combat|fight|counter(?!feit)|defen|against|report|mitigat|block|danger|risk|simulat|training|educat|safe|stop|remov|victim|monitor|filter|analy|flag|secur|scan|test)`;

const MAKE =
  'write|create|develop|generate|compose|draft|craft|give|teach|design|produce|help|provide|list|outline|explain|describe|show|build|make|spread|publish|share|offer|suggest|guide';
/** Behind the verb, within its sentence; what it is made against is looked for last, since little gets so far. */
const makes = (what: string): string =>
  String.raw`${BEGINS}\s+(?=([^.!?\n]{0,80}\b${what}))(?![^.!?\n]{0,140}${DEFENCE})\1`;

/** What the instruction is after does harm, whatever it is wrapped in. */
export const GOAL_RULES = family('harmful_goal', [
  ['make_harm', 0.5, MAKE, makes(HARM)],
  ['make_harm', 0.5, MAKE, makes(HARM_OTHERWISE)],
  [
    'add_malice',
    0.4,
    'add|include|insert|incorporate|embed|install|inject|append|import|implement|execute|run',
    String.raw`${BEGINS}\s+(?![^.!?\n]{0,140}(?:prevent|protect|detect|block|against|scan|avoid))[^.!?\n]{0,80}\b(?:keystrokes?|keylog\w*|screenshots? of|eavesdrop\w*|sniff\w*|backdoor|reverse shell|fingerprint\w*|ransom\w*|encrypt\w* (?:all|the|every) (?:files?|documents?)|malware|spyware|exfiltrat\w*|remote server|disable (?:the )?(?:firewall|internet|network|antivirus)|wipe|corrupt\w*|clipboard)`,
  ],
]);
