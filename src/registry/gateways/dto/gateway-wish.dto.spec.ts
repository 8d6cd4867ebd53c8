import { describe, expect, it } from 'vitest';
import { type FieldFault, GatewayError } from '../../../http/errors.js';
import { validationPipe } from '../../../http/validation.pipe.js';
import { CreateGatewayDto, UpdateGatewayDto } from './gateway-wish.dto.js';

const GOOD = { name: 'Fast Time', url: 'https://mcp.example.com/mcp' };
const read = (type: typeof CreateGatewayDto | typeof UpdateGatewayDto, body: object): Promise<CreateGatewayDto> =>
  validationPipe().transform(body, { type: 'body', metatype: type }) as Promise<CreateGatewayDto>;

async function faultyFields(body: object): Promise<string[]> {
  const error = await read(CreateGatewayDto, body).catch((thrown: unknown) => thrown);
  if (!(error instanceof GatewayError)) throw new Error('it was taken');
  return (error.detail as readonly FieldFault[]).map(({ loc }) => loc.slice(1).join('.'));
}

describe(CreateGatewayDto.name, () => {
  it('takes everything it knows', async () => {
    const body = {
      ...GOOD,
      description: 'Tells <b>the time</b> & more.',
      transport: 'STREAMABLEHTTP',
      authType: 'authheaders',
      authHeaders: [{ key: 'X-Api-Key', value: 'value' }],
      tags: ['Clock'],
      visibility: 'team',
      teamId: '9779b6698cbd4b4995ee04a4fab38737',
      era: 'modern',
    };
    expect(await read(CreateGatewayDto, body)).toMatchObject({ ...body, tags: ['clock'] });
  });

  it('drops control characters from a description and keeps line breaks', async () => {
    const { description } = await read(CreateGatewayDto, { ...GOOD, description: 'ab\u001b[31m\r\n\tc' });
    expect(description).toBe('ab[31m\r\n\tc');
  });

  it.each([
    ['name', { name: 'a\nb' }],
    ['name', { name: '<b>' }],
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(256) }],
    ['name', { name: ['a'] }],
    ['url', { url: 'https://user:word@mcp.example.com/' }],
    ['url', { url: undefined }],
    ['description', { description: 'x'.repeat(8193) }],
    ['description', { description: 'a\u0000b' }],
    ['description', { description: '<script>alert(1)</script>' }],
    ['transport', { transport: 'WS' }],
    ['authType', { authType: 'saml' }],
    ['authToken', { authToken: 'a\r\nX-Other: b' }],
    ['authUsername', { authUsername: 'a:b' }],
    ['authHeaders.0.key', { authHeaders: [{ key: 'a b', value: 'x' }] }],
    ['authHeaders.0.key', { authHeaders: [{ key: 'Host', value: 'x' }] }],
    ['authHeaders.0.key', { authHeaders: [{ key: 'mcp-session-id', value: 'x' }] }],
    ['authHeaders.0.value', { authHeaders: [{ key: 'X-A', value: 'a\nb' }] }],
    ['authHeaders.0.other', { authHeaders: [{ key: 'X-A', value: 'a', other: 1 }] }],
    ['tags', { tags: 'a,b' }],
    ['visibility', { visibility: 'everyone' }],
    ['teamId', { teamId: ' red' }],
    ['era', { era: 'ancient' }],
    ['ownerEmail', { ownerEmail: 'eve@example.com' }],
    ['createdBy', { createdBy: 'eve@example.com' }],
    ['id', { id: '9779b6698cbd4b4995ee04a4fab38737' }],
    ['authValue', { authValue: 'sealed' }],
  ])('names %s in %j', async (field, wrong) => {
    expect(await faultyFields({ ...GOOD, ...wrong })).toEqual([field]);
  });
});

describe(UpdateGatewayDto.name, () => {
  it('has no defaults: what is left out stays as it is', async () => {
    expect(JSON.stringify(await read(UpdateGatewayDto, {}))).toBe('{}');
  });

  it('has the same rules', async () => {
    await expect(read(UpdateGatewayDto, { name: '<b>' })).rejects.toThrow(GatewayError);
    await expect(read(UpdateGatewayDto, { ownerEmail: 'eve@example.com' })).rejects.toThrow(GatewayError);
  });
});
