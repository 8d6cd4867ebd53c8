import { family } from '../phrase-rules.js';

const BEGINS = String.raw`(?<=(?:^|[.!?:;>"')\]*#|,]\s{0,3}|\n\s{0,8}|\b(?:please|also|and|then|must|should|now|me|you|to|will)\s)\b\w{3,10})`;
const HARM = String.raw`(?:phishing|scam\b|scams\b|fraudulent|malware|ransomware|spyware|keylogger|computer virus|trojan|botnet|ponzi|pyramid scheme|fake (?:news|reviews?|charity|website|ids?|invoices?|documents?|profiles?|accounts?|checks?|lottery)|counterfeit|defamatory|disinformation|misinformation|propaganda|conspiracy theor\w+|false (?:information|rumou?rs?|claims?|narrative)|bombs?\b|explosives?|methamphetamine|(?<![:.])\bmeth\b|blackmail|extort\w*|launder\w*|identity theft|steal\w*|hack into|hacking into|insider trading|child porn\w*|deepfakes?|stalk\w*|poison someone|shoplift\w*|forge\b|forging|cheat\w* (?:on|in)|evade (?:taxes|police|law)|tax evasion|credit card (?:skimm|fraud|numbers)\w*|social engineering attack|denial[- ]of[- ]service|ddos|human trafficking|revenge porn|voter suppression|rigg?ing (?:an|the) election|genocide|cannibal\w*|(?<![:.])\bcocaine|heroin\b|pump[- ]and[- ]dump|cryptojack\w*|without (?:their|his|her) (?:knowledge|consent)|antivirus software and|disables? (?:antivirus|security)|bully\b|anorexi\w*|school shooting|kill (?:someone|a person|people)|illegal drugs)`;
const DEFENCE = String.raw`(?:detect|prevent|protect|avoid|aware|recogni|identif|spot|combat|fight|counter(?!feit)|defen|against|report|mitigat|block|danger|risk|simulat|training|educat|safe|stop|remov|victim|monitor|filter|analy|flag|secur|scan|test)`;

/** What the instruction is after does harm, whatever it is wrapped in. */
export const GOAL_RULES = family('harmful_goal', [
  [
    'make_harm',
    0.5,
    'write|create|develop|generate|compose|draft|craft|give|teach|design|produce|help|provide|list|outline|explain|describe|show|build|make|spread|publish|share|offer|suggest|guide',
    String.raw`${BEGINS}\s+(?![^.!?\n]{0,140}${DEFENCE})(?:[^.!?\n]{0,80}\b)${HARM}`,
  ],
  [
    'add_malice',
    0.4,
    'add|include|insert|incorporate|embed|install|inject|append|import|implement|execute|run',
    String.raw`${BEGINS}\s+(?![^.!?\n]{0,140}(?:prevent|protect|detect|block|against|scan|avoid))[^.!?\n]{0,80}\b(?:keystrokes?|keylog\w*|screenshots? of|eavesdrop\w*|sniff\w*|backdoor|reverse shell|fingerprint\w*|ransom\w*|encrypt\w* (?:all|the|every) (?:files?|documents?)|malware|spyware|exfiltrat\w*|remote server|disable (?:the )?(?:firewall|internet|network|antivirus)|wipe|corrupt\w*|clipboard)`,
  ],
]);
