import type { PluginCase } from '../../plugin-case.js';

// Numbers and addresses are examples of standards and issuers; nobody's.
const text = (said: string) => ({ content: [{ type: 'text', text: said }] });
const result = (said: string) => ({ result: text(said) });
const prompt = (topic: string) => ({ kind: 'prompt', args: { topic } }) as const;
const said = (content: string) => ({ messages: [{ role: 'user', content: { type: 'text', text: content } }] });
const base64 = (plain: string) => Buffer.from(plain).toString('base64');
const strategy = (default_mask_strategy: string) => ({ default_mask_strategy });
const block = { block_on_detection: true };
const TICKETS = { custom_patterns: [{ type: 'ticket', pattern: 'tkt-[0-9]{4}', mask_strategy: 'partial' }] };

export const PII_FILTER_CASES: readonly PluginCase[] = [
  {
    title: 'an SSN in arguments',
    call: { args: { note: 'it is 123-45-6789.' } },
    expect: { args: { note: 'it is [REDACTED].' } },
  },
  {
    title: 'a card, whole',
    call: result('pay with 4111 1111 1111 1111 today'),
    expect: result('pay with [REDACTED] today'),
  },
  {
    title: 'in the message of a prompt',
    call: { kind: 'prompt', result: said('ask jane@example.com') },
    expect: { result: said('ask [REDACTED]') },
  },
  {
    title: 'in the argument of a prompt',
    call: prompt('IBAN GB82 WEST 1234 5698 7654 32'),
    expect: { args: { topic: 'IBAN [REDACTED]' } },
  },
  {
    title: 'in a resource',
    call: { kind: 'resource', result: { contents: [{ uri: 'raw://one', text: 'from 203.0.113.7 port 22' }] } },
    expect: { result: { contents: [{ uri: 'raw://one', text: 'from [REDACTED] port 22' }] } },
  },
  {
    title: 'in a blob, which stays a blob',
    call: {
      kind: 'resource',
      result: { contents: [{ uri: 'raw://one', blob: base64('write to jane@example.com now') }] },
    },
    expect: { result: { contents: [{ uri: 'raw://one', blob: base64('write to [REDACTED] now') }] } },
  },
  {
    title: 'in structured content, where numbers stay numbers',
    call: {
      result: { ...text('ok'), structuredContent: { card: 4111111111111111, rows: [{ mail: 'jane@example.com' }] } },
    },
    expect: { result: { ...text('ok'), structuredContent: { card: 0, rows: [{ mail: '[REDACTED]' }] } } },
  },
  {
    title: 'in JSON in a string, which stays JSON',
    call: result('{ "mail": "jane@example.com", "n": 1.0 }'),
    expect: result('{ "mail": "[REDACTED]", "n": 1.0 }'),
  },
  {
    title: 'in an embedded resource',
    call: { result: { content: [{ type: 'resource', resource: { uri: 'raw://two', text: 'SSN 123-45-6789' } }] } },
    expect: { result: { content: [{ type: 'resource', resource: { uri: 'raw://two', text: 'SSN [REDACTED]' } }] } },
  },
  {
    title: 'as a key',
    call: { args: { owners: { 'jane@example.com': true } } },
    expect: { args: { owners: { '[REDACTED]': true } } },
  },
  {
    title: 'five deep',
    call: { args: { a: { b: [{ c: { d: 'jane@example.com' } }] } } },
    expect: { args: { a: { b: [{ c: { d: '[REDACTED]' } }] } } },
  },
  {
    title: 'in base64',
    call: result(`see ${base64('mail jane@example.com please')}`),
    expect: result('see [REDACTED]'),
  },
  { title: 'in full-width digits', call: result('１２３-４５-６７８９'), expect: result('[REDACTED]') },
  {
    title: 'partial: an SSN',
    config: strategy('partial'),
    call: result('SSN 123-45-6789'),
    expect: result('SSN ***-**-6789'),
  },
  {
    title: 'partial: a card',
    config: strategy('partial'),
    call: result('4111 1111 1111 1111'),
    expect: result('****-****-****-1111'),
  },
  {
    title: 'partial: an e-mail',
    config: strategy('partial'),
    call: result('jane@example.com'),
    expect: result('j***e@example.com'),
  },
  {
    title: 'partial: a phone',
    config: strategy('partial'),
    call: result('call (415) 555-0132'),
    expect: result('call ***-***-0132'),
  },
  { title: 'hash', config: strategy('hash'), call: result('jane@example.com'), expect: result('[HASH:8c87b489]') },
  { title: 'remove', config: strategy('remove'), call: result('ask jane@example.com!'), expect: result('ask !') },
  {
    title: 'by a text of the settings',
    config: { redaction_text: '<pii>' },
    call: result('SSN 123-45-6789'),
    expect: result('SSN <pii>'),
  },
  {
    title: 'refused in a prompt',
    config: block,
    call: prompt('jane@example.com'),
    expect: { blocked: 'PII_DETECTED' },
  },
  {
    title: 'refused in what a prompt says',
    config: block,
    call: { kind: 'prompt', result: said('jane@example.com') },
    expect: { blocked: 'PII_DETECTED' },
  },
  {
    title: 'refused in arguments',
    config: block,
    call: { args: { to: 'jane@example.com' } },
    expect: { blocked: 'PII_DETECTED_IN_TOOL_ARGS' },
  },
  {
    title: 'refused in a result',
    config: block,
    call: result('jane@example.com'),
    expect: { blocked: 'PII_DETECTED_IN_TOOL_RESULT' },
  },
  {
    title: 'refused in a resource',
    config: block,
    call: { kind: 'resource', result: { contents: [{ uri: 'raw://one', text: 'jane@example.com' }] } },
    expect: { blocked: 'PII_DETECTED' },
  },
  {
    title: 'of a kind that is off',
    config: { detect_email: false },
    call: result('jane@example.com'),
    expect: 'unchanged',
  },
  {
    title: "an operator's pattern, in its own way",
    config: TICKETS,
    call: result('see TKT-4711 of jane@example.com'),
    expect: result('see T******1 of [REDACTED]'),
  },
  {
    title: "an operator's pattern that is off",
    config: { custom_patterns: [{ ...TICKETS.custom_patterns[0], enabled: false }] },
    call: result('see tkt-4711'),
    expect: 'unchanged',
  },
  {
    title: 'on the whitelist',
    config: { whitelist_patterns: ['@example\\.com$'] },
    call: result('jane@example.com, jim@example.org'),
    expect: result('jane@example.com, [REDACTED]'),
  },
  {
    title: 'a number plate and a postcode',
    call: result('the car AB51 ABC at SW1A 1AA'),
    expect: result('the car [REDACTED] at [REDACTED]'),
  },
  {
    title: 'postcodes are off',
    config: { detect_postcode: false },
    call: result('the car AB51 ABC at SW1A 1AA'),
    expect: result('the car [REDACTED] at SW1A 1AA'),
  },
  { title: 'masked before', call: result('[REDACTED], ***-**-6789 and [TOKEN:12345678]'), expect: 'unchanged' },
  { title: 'an order number', call: result('order 12345 of the year 2024'), expect: 'unchanged' },
  { title: 'a card with a wrong check digit', call: result('number 4111 1111 1111 1112'), expect: 'unchanged' },
  { title: 'an IBAN with a wrong check digit', call: result('GB82 WEST 1234 5698 7654 33'), expect: 'unchanged' },
  { title: 'a version and a time', call: result('v1.2.3 at 2024-05-06T07:08:09Z took 12.5 ms'), expect: 'unchanged' },
  { title: 'a small number', call: { args: { page: 5, since: 20240506, ratio: 0.5 } }, expect: 'unchanged' },
];
