import type { RunningGateway } from '../../fixtures/running-gateway.js';

interface Input {
  /** Schema and member of the OpenAPI document. */
  readonly at: string;
  /** One that is taken, where the open address is not. */
  readonly control?: string;
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
  ...(['issuer', 'token_url'] as const).map((member): Input => ({
    at: `OauthWishDto.${member}`,
    control: 'https://as.example.com/',
    send: (running, url) => running.rest('POST', '/gateways', withOauth({ [member]: url })),
  })),
  ...['issuer', 'token_url', 'userinfo_url', 'jwks_uri', 'graph_url'].flatMap((member): Input[] => [
    {
      at: `CreateSsoProviderDto.${member}`,
      control: 'https://as.example.com',
      send: async (running, url) => {
        const wish = provider({ [member]: url });
        const made = await running.rest('POST', PROVIDERS, wish);
        await running.rest('DELETE', `${PROVIDERS}/${wish.id}`);
        return made;
      },
    },
    {
      at: `UpdateSsoProviderDto.${member}`,
      control: 'https://as.example.com',
      send: async (running, url) => {
        await running.rest('POST', PROVIDERS, { ...provider({}), id: 'changed' });
        return running.rest('PUT', `${PROVIDERS}/changed`, { [member]: url });
      },
    },
  ]),
];

const PROVIDERS = '/auth/sso/admin/providers';

/** Nobody has consented yet, so nobody is asked. */
const withOauth = (more: object): object => ({
  name: fresh(),
  url: 'https://up.example.com/mcp',
  auth_type: 'oauth',
  oauth_config: { grant_type: 'authorization_code', authorization_url: 'https://as.example.com/a', ...urls(more) },
});
const urls = (more: object): object => ({ token_url: 'https://as.example.com/token', ...more });

const provider = (more: object) => ({
  id: `p${(count += 1)}`,
  display_name: 'one',
  kind: 'generic',
  client_id: 'client',
  client_secret: 'a test fixture',
  issuer: 'https://as.example.com',
  ...more,
});

/** Members that look like one and are never called, and why. */
export const NOT_CALLED: Readonly<Record<string, string>> = {
  'OauthWishDto.authorization_url': 'where browsers are sent',
  'CreateSsoProviderDto.authorization_url': 'where browsers are sent',
  'UpdateSsoProviderDto.authorization_url': 'where browsers are sent',
  'OauthWishDto.token_endpoint_auth_method': 'no URL',
  'CreateResourceDto.uri': 'the name of what is kept here',
  'CreateResourceDto.uriTemplate': 'refused: only upstreams have templates',
  'UpdateResourceDto.uri': 'the name of what is kept here',
  'UpdateResourceDto.uriTemplate': 'refused: only upstreams have templates',
};

async function idOf(running: RunningGateway, kind: 'gateways' | 'tools', name: string): Promise<string> {
  const { body } = await running.rest<{ id: string; name: string }[]>('GET', `/${kind}`);
  return body.find((row) => row.name === name)?.id ?? 'missing';
}
