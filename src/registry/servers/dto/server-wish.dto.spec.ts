import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../http/errors.js';
import { validationPipe } from '../../../http/validation.pipe.js';
import { CreateServerDto, UpdateServerDto } from './server-wish.dto.js';

const read = (body: object, type: typeof CreateServerDto | typeof UpdateServerDto = CreateServerDto) =>
  validationPipe().transform(body, { type: 'body', metatype: type }) as Promise<CreateServerDto>;

const ONE = '9779b6698cbd4b4995ee04a4fab38737';
const HYPHENS = 'B8E3F1A2-C4D5-E6F7-A1B2-C3D4E5F6A7B8';
const TWO = 'b8e3f1a2c4d5e6f7a1b2c3d4e5f6a7b8';

describe(CreateServerDto.name, () => {
  it('stores ids in one spelling', async () => {
    expect(await read({ name: 'a', id: HYPHENS })).toMatchObject({ id: TWO });
  });

  it.each([
    [
      [ONE, HYPHENS, TWO],
      [ONE, TWO],
    ],
    [`${ONE}, ${HYPHENS},`, [ONE, TWO]],
    ['', []],
    [[], []],
  ])('reads the ids %j', async (given, ids) => {
    const { associatedTools, associatedPrompts } = await read({
      name: 'a',
      associatedTools: given,
      associatedPrompts: given,
    });
    expect(associatedTools).toEqual(ids);
    expect(associatedPrompts).toEqual(ids);
  });

  it.each([
    { id: 'not-a-uuid' },
    { id: `${ONE}0` },
    { name: 'a\tb' },
    { associatedTools: ["' OR 1=1"] },
    { associatedTools: [{ id: ONE }] },
    { associatedResources: Array.from({ length: 2001 }, (_, index) => `${index}`) },
    { toolNaming: 'none' },
    { ownerEmail: 'eve@example.com' },
  ])('refuses %j', async (wrong) => {
    await expect(read({ name: 'a', ...wrong })).rejects.toThrow(GatewayError);
  });

  it('keeps the id of a server that is changed', async () => {
    await expect(read({ id: ONE }, UpdateServerDto)).rejects.toThrow(GatewayError);
    expect(JSON.stringify(await read({}, UpdateServerDto))).toBe('{}');
  });
});
