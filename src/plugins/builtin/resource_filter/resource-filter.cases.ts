import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const config = {
  max_content_size: 100,
  allowed_protocols: ['test', 'raw', 'https'],
  blocked_domains: ['malicious.example.com'],
  content_filters: [{ pattern: String.raw`password\s*[:=]\s*\S+`, replacement: 'password: [REDACTED]' }],
};
const contents = (block: JsonObject): JsonObject => ({ contents: [{ uri: 'test://a', ...block }] });

export const RESOURCE_FILTER_CASES: readonly PluginCase[] = [
  {
    title: 'a resource that is fine',
    config,
    call: { kind: 'resource', result: contents({ text: 'pass the word' }) },
    expect: 'unchanged',
  },
  {
    title: 'a password',
    config,
    call: { kind: 'resource', result: contents({ text: 'x PASSWORD = hunter2 y' }) },
    expect: { result: contents({ text: 'x password: [REDACTED] y' }) },
  },
  {
    title: 'a password in a blob',
    config,
    call: { kind: 'resource', result: contents({ blob: Buffer.from('password=hunter2').toString('base64') }) },
    expect: { result: contents({ blob: Buffer.from('password: [REDACTED]').toString('base64') }) },
  },
  {
    title: 'too long a text',
    config,
    call: { kind: 'resource', result: contents({ text: 'é'.repeat(51) }) },
    expect: { blocked: 'CONTENT_TOO_LARGE' },
  },
  {
    title: 'too long a blob',
    config,
    call: { kind: 'resource', result: contents({ blob: 'A'.repeat(200) }) },
    expect: { blocked: 'CONTENT_TOO_LARGE' },
  },
  {
    title: 'a blob that only looks too long',
    config,
    call: { kind: 'resource', result: contents({ blob: 'A'.repeat(132) }) },
    expect: 'unchanged',
  },
  {
    title: 'too much together',
    config,
    call: {
      kind: 'resource',
      result: { contents: ['a', 'b'].map((at) => ({ uri: `test://${at}`, text: 'x'.repeat(60) })) },
    },
    expect: { blocked: 'CONTENT_TOO_LARGE' },
  },
  {
    title: 'another protocol',
    config: { allowed_protocols: ['https'] },
    call: { kind: 'resource', result: contents({ text: 'x' }) },
    expect: { blocked: 'PROTOCOL_BLOCKED' },
  },
  {
    title: 'something embedded from a blocked domain',
    config,
    call: {
      result: { content: [{ type: 'resource', resource: { uri: 'https://a.malicious.example.com/', text: 'x' } }] },
    },
    expect: { blocked: 'DOMAIN_BLOCKED' },
  },
  {
    title: 'a link to a blocked domain',
    config,
    call: { result: { content: [{ type: 'resource_link', name: 'x', uri: 'https://MALICIOUS.example.com./' }] } },
    expect: { blocked: 'DOMAIN_BLOCKED' },
  },
  {
    title: 'structured content that is too large',
    config,
    call: { result: { content: [], structuredContent: { a: 'x'.repeat(100) } } },
    expect: { blocked: 'CONTENT_TOO_LARGE' },
  },
  {
    title: 'a prompt',
    config,
    call: { kind: 'prompt', result: { messages: [{ role: 'user', content: { type: 'text', text: 'password: x' } }] } },
    expect: { result: { messages: [{ role: 'user', content: { type: 'text', text: 'password: [REDACTED]' } }] } },
  },
];
