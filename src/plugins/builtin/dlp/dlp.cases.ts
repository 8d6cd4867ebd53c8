import type { PluginCase } from '../../plugin-case.js';
import type { Action } from './dlp.settings.js';

// A test fixture: made up, and valid nowhere.
const TOKEN = ['ghp_', 'a7Bq9Zk2Wx5Lm8Rt3Yc6Vn1Dj4Hs0Gp7Fu2e'].join('');
const MAIL = 'jane@example.com';

const policy = (action: Action, classes: readonly string[], more: object = {}) => ({
  policies: [{ name: 'keep', action, classes, ...more }],
});
const text = (said: string) => ({ content: [{ type: 'text', text: said }] });
const result = (said: string) => ({ result: text(said) });
const notice = 'Withheld by data loss prevention (policy "keep").';
const said = (content: string) => ({ messages: [{ role: 'user', content: { type: 'text', text: content } }] });
const blocked = { blocked: 'DLP_BLOCKED' };
const mails = policy('redact', ['pii.email']);

export const DLP_CASES: readonly PluginCase[] = [
  {
    title: 'redact: in a result',
    config: mails,
    call: result(`ask ${MAIL}`),
    expect: result('ask [REDACTED:pii.email]'),
  },
  {
    title: 'redact: in arguments',
    config: mails,
    call: { args: { to: MAIL, n: 1 } },
    expect: { args: { to: '[REDACTED:pii.email]', n: 1 } },
  },
  {
    title: 'redact: as a key',
    config: mails,
    call: { args: { [MAIL]: 1 } },
    expect: { args: { '[REDACTED:pii.email]': 1 } },
  },
  {
    title: 'redact: in a resource',
    config: mails,
    call: { kind: 'resource', result: { contents: [{ uri: 'raw://one', text: MAIL }] } },
    expect: { result: { contents: [{ uri: 'raw://one', text: '[REDACTED:pii.email]' }] } },
  },
  {
    title: 'redact: in base64',
    config: mails,
    call: result(Buffer.from(`mail ${MAIL} please`).toString('base64')),
    expect: result('[REDACTED:pii.email]'),
  },
  { title: 'redact: masked before', config: mails, call: result('ask [REDACTED:pii.email]'), expect: 'unchanged' },
  {
    title: 'a class that no policy names',
    config: mails,
    call: result(`SSN 123-45-6789, ${TOKEN}`),
    expect: 'unchanged',
  },
  {
    title: 'a family of classes',
    config: policy('redact', ['pii', 'secret']),
    call: result(`${MAIL}, ${TOKEN}`),
    expect: result('[REDACTED:pii.email], [REDACTED:secret.github_token]'),
  },
  {
    title: 'block: in arguments',
    config: policy('block', ['secret']),
    call: { args: { body: TOKEN } },
    expect: blocked,
  },
  {
    title: 'block: in a prompt',
    config: policy('block', ['secret']),
    call: { kind: 'prompt', args: { topic: TOKEN } },
    expect: blocked,
  },
  { title: 'block: in a result', config: policy('block', ['secret']), call: result(TOKEN), expect: blocked },
  {
    title: 'drop: a result fails, and says so',
    config: policy('drop', ['secret']),
    call: { result: { ...text(TOKEN), structuredContent: { token: TOKEN } } },
    expect: { result: { ...text(notice), isError: true } },
  },
  {
    title: 'drop: a resource',
    config: policy('drop', ['secret']),
    call: {
      kind: 'resource',
      result: { contents: [{ uri: 'test://echo', text: TOKEN }] },
      pluginAlone: 'the stub has the address that was asked for',
    },
    expect: { result: { contents: [{ uri: 'test://echo', mimeType: 'text/plain', text: notice }] } },
  },
  { title: 'alert', config: policy('alert', ['secret']), call: result(TOKEN), expect: 'unchanged' },
  {
    title: 'in the other direction',
    config: policy('block', ['secret'], { directions: ['to_upstream'] }),
    call: result(TOKEN),
    expect: 'unchanged',
  },
  {
    title: 'in its direction',
    config: policy('block', ['secret'], { directions: ['to_client'] }),
    call: { args: { body: TOKEN } },
    expect: 'unchanged',
  },
  {
    title: 'to a tool that is not meant',
    config: policy('block', ['secret'], { destinations: { tools: ['mail_*'] } }),
    call: { args: { body: TOKEN } },
    expect: 'unchanged',
  },
  {
    title: 'for a team that is not meant',
    config: policy('block', ['secret'], { teams: ['no-such-team'] }),
    call: { args: { body: TOKEN } },
    expect: 'unchanged',
  },
  {
    title: 'a class of the settings',
    config: {
      ...policy('redact', ['custom.project']),
      custom_classes: [{ name: 'project', pattern: 'project[ -]blue' }],
    },
    call: result('all of Project Blue'),
    expect: result('all of [REDACTED:custom.project]'),
  },
  {
    title: 'what a prompt says',
    config: policy('redact', ['prompt']),
    call: { kind: 'prompt', result: said('be nice') },
    expect: { result: said('[REDACTED:prompt]') },
  },
  { title: 'what is no prompt', config: policy('redact', ['prompt']), call: result('be nice'), expect: 'unchanged' },
  {
    title: 'the strictest of several decides',
    config: {
      policies: [
        { name: 'mask', action: 'redact', classes: ['pii'] },
        { name: 'refuse', action: 'block', classes: ['pii.email'] },
        { name: 'tell', action: 'alert', classes: ['pii'] },
      ],
    },
    call: result(MAIL),
    expect: blocked,
  },
  {
    title: 'nothing to find',
    config: policy('block', ['pii', 'secret']),
    call: result('order 12345 of 2024'),
    expect: 'unchanged',
  },
];
