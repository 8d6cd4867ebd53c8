/** Loaded as a whole: a build without one of the detectors is measured with the others. */
const guardrails = await import('../../dist/libs/guardrails/src/index.js');

/** Scores of moderation from which the contract's defaults act. */
const THRESHOLDS = guardrails.CATEGORY_THRESHOLDS ?? {};

/** A detector by the name of its class, or nothing where the build has none. */
const detector = (name) => {
  const Detector = guardrails[name];
  return Detector && new Detector();
};

const secrets = detector('SecretsDetector');
const pii = detector('PiiDetector');
const sql = detector('SqlInjectionDetector');
const injection = detector('PromptInjectionDetector');
const poisoning = ofDefinitions(detector('ToolPoisoningDetector'));
const lexicon = detector('ModerationLexicon');
/** Manners and advertising are no harm; the samples do not label them. */
const HARMFUL = ['hate', 'violence', 'sexual', 'self_harm', 'harassment'];

/**
 * Which detector judges which file: the first rule that fits. A file that none fits is measured with every detector as
 * benign text if all of its rows are, and left out otherwise.
 * @type {readonly (readonly [RegExp, string, object | undefined])[]}
 */
export const JUDGES = [
  [/^secrets\//, 'secrets', secrets],
  [/^pii\//, 'pii', pii],
  [/^injection\/.*(sqli|benign)/, 'sql', sql],
  [/^prompt_injection\//, 'prompt injection', injection],
  [/^mcp\//, 'tool poisoning', poisoning],
  [/^moderation\/.*hate/, 'moderation', moderated(lexicon, ['hate'])],
  [/^moderation\//, 'moderation', moderated(lexicon, HARMFUL)],
];

/** Files whose benign rows tell what else a detector takes for what it looks for: prose, mails, code. */
export const BYSTANDERS = [
  [/^(prompt_injection\/.*(notinject|benign)|pii\/.*synth)/, 'sql', sql],
  [/^(prompt_injection\/.*(notinject|benign)|injection\/.*benign|pii\/.*synth)/, 'secrets', secrets],
  [/^(prompt_injection\/.*(notinject|benign)|injection\/.*benign)/, 'pii', pii],
  [/^(pii\/.*synth|injection\/.*benign)/, 'prompt injection', injection],
];

/** Judges a whole row, and not a text in the shapes of content. */
function ofDefinitions(detector) {
  if (!detector?.judge) return detector;
  const threshold = detector.threshold ?? 0.5;
  return {
    decides({ name = '', text, params }) {
      const members = Object.entries(params ?? {}).map(([parameter, type]) => [parameter, { type: String(type) }]);
      const parameters = { type: 'object', properties: Object.fromEntries(members) };
      return detector.judge({ name, description: text, parameters }).score >= threshold;
    },
  };
}

/** Finds what the scores of these categories rest on, of those that reach their thresholds. */
function moderated(lexicon, categories) {
  if (!lexicon?.judge) return lexicon;
  return {
    find(text) {
      const { scores, findings } = lexicon.judge(text);
      const reached = categories.filter((category) => scores[category] >= THRESHOLDS[category]);
      return findings.filter(({ type }) => reached.includes(type));
    },
  };
}

export const { compilePattern, Content, evilPattern } = guardrails;
