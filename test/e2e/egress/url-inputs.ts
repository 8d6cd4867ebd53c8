import type { RunningGateway } from '../../fixtures/running-gateway.js';

interface Input {
  /** Schema and member of the OpenAPI document. */
  readonly at: string;
  readonly send: (running: RunningGateway, url: string) => Promise<{ readonly status: number }>;
}

/** As it is written. */
const originOf = (url: string): string => url.split('/').slice(0, 3).join('/');

let count = 0;
const fresh = (): string => `an input ${(count += 1)}`;
const tool = (more: object): object => ({ name: `tool_${(count += 1)}`, ...more });

/** Every member of a request that Portcullis may call, and how to give it a URL. A new one has to stand here, or in NOT_CALLED. */
export const URL_INPUTS: readonly Input[] = [
  {
    at: 'CreateGatewayDto.url',
    send: (running, url) => running.rest('POST', '/gateways', { name: fresh(), url, transport: 'STREAMABLEHTTP' }),
  },
  {
    at: 'UpdateGatewayDto.url',
    send: async (running, url) => running.rest('PUT', `/gateways/${await idOf(running, 'gateways', 'open')}`, { url }),
  },
  { at: 'CreateToolDto.url', send: (running, url) => running.rest('POST', '/tools', tool({ url })) },
  {
    at: 'CreateToolDto.baseUrl',
    send: (running, url) => running.rest('POST', '/tools', tool({ baseUrl: originOf(url), pathTemplate: '/a' })),
  },
  {
    at: 'UpdateToolDto.url',
    send: async (running, url) => running.rest('PUT', `/tools/${await idOf(running, 'tools', 'kept')}`, { url }),
  },
  {
    at: 'UpdateToolDto.baseUrl',
    send: async (running, url) =>
      running.rest('PUT', `/tools/${await idOf(running, 'tools', 'based')}`, { baseUrl: originOf(url) }),
  },
];

/** Members that look like one and are never called, and why. */
export const NOT_CALLED: Readonly<Record<string, string>> = {
  'CreateResourceDto.uri': 'the name of what is kept here',
  'UpdateResourceDto.uri': 'the name of what is kept here',
};

async function idOf(running: RunningGateway, kind: 'gateways' | 'tools', name: string): Promise<string> {
  const { body } = await running.rest<{ id: string; name: string }[]>('GET', `/${kind}`);
  return body.find((row) => row.name === name)?.id ?? 'missing';
}
