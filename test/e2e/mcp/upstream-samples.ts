import { expect } from 'vitest';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startEverythingUpstream } from '../../fixtures/upstreams/everything-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { BINARY_RESOURCE, TEXT_RESOURCE } from '../../fixtures/upstreams/upstream-resources.js';
import { UPSTREAM_TOOLS } from '../../fixtures/upstreams/upstream-tools.js';

/** An upstream, and what a client must get from it whatever stands between. */
export interface UpstreamSample {
  readonly name: string;
  readonly start: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  /** All tools, by the upstream's own names. */
  readonly tools: readonly string[];
  readonly calls: readonly { readonly tool: string; readonly args: Record<string, unknown>; readonly result: object }[];
  readonly reads: readonly { readonly uri: string; readonly contents: object }[];
  readonly templates: readonly string[];
  readonly prompt: { readonly name: string; readonly args: Record<string, string>; readonly text: unknown };
  readonly completion: { readonly argument: string; readonly value: string; readonly values: readonly string[] };
}

const FIXTURE = {
  tools: UPSTREAM_TOOLS.map(({ definition }) => definition.name),
  calls: [
    { tool: 'echo', args: { text: 'Grüße, 世界 🌍' }, result: { content: [{ type: 'text', text: 'Grüße, 世界 🌍' }] } },
    { tool: 'add', args: { a: 2, b: 3 }, result: { structuredContent: { sum: 5 } } },
    { tool: 'fail', args: {}, result: { isError: true, content: [{ type: 'text', text: 'The tool failed' }] } },
    {
      tool: 'image',
      args: {},
      result: { content: [{ type: 'image', data: BINARY_RESOURCE.blob, mimeType: BINARY_RESOURCE.mimeType }] },
    },
    {
      tool: 'links',
      args: {},
      result: {
        content: [
          { type: 'resource_link', uri: BINARY_RESOURCE.uri, name: 'static-binary', mimeType: 'image/png' },
          { type: 'resource', resource: TEXT_RESOURCE },
        ],
      },
    },
    { tool: 'header_param', args: { region: 'eu' }, result: { content: [{ text: containing('"region":"eu"') }] } },
    { tool: 'big', args: { bytes: 300_000 }, result: { content: [{ text: 'x'.repeat(300_000) }] } },
  ],
  reads: [
    { uri: TEXT_RESOURCE.uri, contents: TEXT_RESOURCE },
    { uri: BINARY_RESOURCE.uri, contents: BINARY_RESOURCE },
    { uri: 'test://template/7/data', contents: { mimeType: 'application/json', text: '{"id":"7"}' } },
  ],
  templates: ['test://template/{id}/data'],
  prompt: { name: 'with_arguments', args: { drink: 'tea' }, text: 'Praise tea in a plain tone.' },
  completion: { argument: 'drink', value: 'co', values: ['cocoa', 'coffee'] },
} satisfies Omit<UpstreamSample, 'name' | 'start'>;

export const UPSTREAM_SAMPLES: readonly UpstreamSample[] = [
  { name: 'dual era', start: () => startDualEraUpstream(), ...FIXTURE },
  { name: 'with sessions', start: () => startLegacyUpstream({ sessions: true }), ...FIXTURE },
  { name: 'without sessions', start: () => startLegacyUpstream({ sessions: false }), ...FIXTURE },
  {
    name: 'everything',
    start: () => startEverythingUpstream(),
    tools: ['echo', 'get-sum', 'get-tiny-image', 'get-structured-content', 'get-resource-links'],
    calls: [
      { tool: 'echo', args: { message: 'hi' }, result: { content: [{ text: 'Echo: hi' }] } },
      { tool: 'get-sum', args: { a: 2, b: 3 }, result: { content: [{ text: containing('5') }] } },
      {
        tool: 'get-structured-content',
        args: { location: 'New York' },
        result: { structuredContent: { conditions: 'Cloudy' } },
      },
      {
        tool: 'get-resource-links',
        args: { count: 1 },
        result: { content: [{ type: 'text' }, { type: 'resource_link', uri: 'demo://resource/dynamic/blob/1' }] },
      },
      {
        tool: 'get-annotated-message',
        args: { messageType: 'error' },
        result: { content: [{ annotations: { audience: ['user', 'assistant'], priority: 1 } }] },
      },
    ],
    reads: [
      { uri: 'demo://resource/static/document/features.md', contents: { mimeType: 'text/markdown' } },
      { uri: 'demo://resource/dynamic/text/3', contents: { text: containing('Resource 3') } },
      { uri: 'demo://resource/dynamic/blob/4', contents: { blob: expect.any(String) } },
    ],
    templates: ['demo://resource/dynamic/text/{resourceId}', 'demo://resource/dynamic/blob/{resourceId}'],
    prompt: { name: 'args-prompt', args: { city: 'Oslo' }, text: containing('Oslo') },
    completion: { argument: 'department', value: 'E', values: ['Engineering'] },
  },
];

/** Typed `unknown`: an asymmetric matcher stands wherever a value does. */
function containing(text: string): unknown {
  return expect.stringContaining(text);
}
