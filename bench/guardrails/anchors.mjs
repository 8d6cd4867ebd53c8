/**
 * What other tools reach on the same kinds of samples, measured on the whole of each set. `before` is the system whose
 * contract the gate follows (its release of early 2026), `best` the best of the others that were tried. `least` and `most`
 * are our goals, for the worst of the shapes; types of spans
 * stand for the share that is covered, `spans` for the share of findings that touch one.
 */
export const ANCHORS = {
  'secrets/noseyparker': {
    before: 'P .81 R .51 F1 .63 FPR .41',
    best: 'detect-secrets F1 .57 FPR .28',
    least: { F1: 0.85 },
    most: { FPR: 0.1 },
  },
  'secrets/gitleaks': {
    before: 'P .25 R .43 F1 .31 FPR .42',
    best: 'detect-secrets F1 .35 FPR .16',
    most: { FPR: 0.1 },
  },
  'secrets/detect_secrets': { before: 'P .58 R .34 F1 .43 FPR .20', best: 'secretlint F1 .05 FPR .01' },
  'pii/presidio_synth_v2': {
    before: 'R .56; EMAIL 49/49 PHONE 92/92 SSN 16/16 IP 14/14 CARD 126/136 IBAN 0/21 DOMAIN 0/37; span precision .966',
    best: 'Presidio tuned P .870 R .839 (names and places too)',
    least: {
      EMAIL_ADDRESS: 1,
      US_SSN: 1,
      IP_ADDRESS: 1,
      IBAN_CODE: 1,
      CREDIT_CARD: 1,
      PHONE_NUMBER: 0.98,
      spans: 0.97,
    },
  },
  'pii/presidio_recognizer_cases': { before: 'R .65 FPR .71', least: { R: 0.85 }, most: { FPR: 0.15 } },
  'injection/libinjection_sqli': { before: 'R .010', best: 'libinjection R .997, CRS PL1 R .999', least: { R: 0.95 } },
  'injection/libinjection_benign': {
    before: 'FPR .002',
    best: 'libinjection FPR .050, CRS PL1 .096',
    most: { FPR: 0.02 },
  },
  'prompt_injection/notinject': { best: 'YARA rules FPR 0, TF-IDF FPR .38', most: { FPR: 0.01 } },
  'prompt_injection/cyberseceval_frr_benign': { best: 'YARA rules FPR .01, TF-IDF FPR .86', most: { FPR: 0.01 } },
  'prompt_injection/cyberseceval_pi': { best: 'YARA rules R .07, TF-IDF R .39', least: { R: 0.4 } },
  'prompt_injection/garak': {
    best: 'YARA rules R .15, vard R .57 (FPR .03), TF-IDF R .92 (FPR .38)',
    least: { R: 0.55 },
  },
  'mcp/tool_descriptions': {
    best: 'YARA rules R .18 FPR .02, TF-IDF R .65 FPR .38',
    least: { R: 0.6 },
    most: { FPR: 0.03 },
  },
  'moderation/hatecheck': {
    before: 'P .88 R .01 F1 .02 FPR .00',
    best: 'word list F1 .25 FPR .26',
    least: { F1: 0.45 },
    most: { FPR: 0.25 },
  },
  'moderation/openai_moderation': {
    before: 'P .47 R .04 F1 .07 FPR .02',
    best: 'word list F1 .59 FPR .14',
    least: { F1: 0.6 },
    most: { FPR: 0.1 },
  },
  'redos/patterns': { best: 'recheck alone: 26 of 28, 2 of 11 false alarms' },
};
