import { Type as TypeOf } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ArgumentMetadata, Type } from '@nestjs/common';
import { GatewayError } from './errors.js';
import { validationPipe } from './validation.pipe.js';

class Part {
  @IsString()
  @MaxLength(5)
  label: string;
}

class Thing {
  @IsString()
  @MaxLength(5)
  name: string;

  @IsOptional()
  @IsInt()
  @TypeOf(() => Number)
  size?: number;

  @IsOptional()
  @ValidateNested()
  @TypeOf(() => Part)
  part?: Part;

  @IsOptional()
  @ValidateNested({ each: true })
  @TypeOf(() => Part)
  parts?: Part[];
}

class Nothing {
  @IsOptional()
  @IsString()
  reason?: string;
}

const pipe = validationPipe();
const asBody = (metatype: Type): ArgumentMetadata => ({ type: 'body', metatype });

async function detailOf(value: unknown, metadata = asBody(Thing)): Promise<unknown> {
  try {
    await pipe.transform(value, metadata);
    return 'taken';
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(metadata.type === 'param' ? 404 : 422);
    return error.detail;
  }
}

const members = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, 1]));
/** Fails who reads anything in it but the names of its members. */
const unread = (value: object): object =>
  new Proxy(value, {
    get: (_, name) => {
      throw new Error(`${String(name)} was read`);
    },
  });

describe(validationPipe.name, () => {
  it('gives instances of the class', async () => {
    const thing: unknown = await pipe.transform({ name: 'a', size: '5', part: { label: 'b' } }, asBody(Thing));
    expect(thing).toBeInstanceOf(Thing);
    expect(thing).toEqual(Object.assign(new Thing(), { name: 'a', size: 5, part: { label: 'b' } }));
  });

  it('takes a body that is not there where none is needed', async () => {
    expect(await detailOf(undefined, asBody(Nothing))).toBe('taken');
    expect(await detailOf(undefined)).toMatchObject([{ loc: ['body', 'name'] }]);
  });

  it('says the rule in the words of the class', async () => {
    const fault = {
      loc: ['body', 'name'],
      msg: 'name must be shorter than or equal to 5 characters',
      type: 'maxLength',
    };
    expect(await detailOf({ name: 'toolong' })).toEqual([fault]);
  });

  it('says first what a field is, then how long it may be, and when it is not there', async () => {
    expect(await detailOf({ name: 7 })).toMatchObject([{ msg: 'name must be a string', type: 'isString' }]);
    expect(await detailOf({})).toMatchObject([{ msg: 'name is required', type: 'missing' }]);
    expect(await detailOf({ name: null })).toMatchObject([{ msg: 'name must be a string' }]);
    expect(await detailOf({ name: 'a', size: 'x' })).toMatchObject([{ msg: 'size must be an integer number' }]);
  });

  it.each<[object, string[]]>([
    [{}, ['name']],
    [{ name: 7 }, ['name']],
    [{ name: ['a'] }, ['name']],
    [{ name: 'a', size: 'x' }, ['size']],
    [{ name: 'a', size: 1.5 }, ['size']],
    [{ name: 'a', other: 1 }, ['other']],
    [{ name: 'a', isAdmin: true }, ['isAdmin']],
    [{ name: 'a', part: { label: 'b', other: 1 } }, ['part', 'other']],
    [{ name: 'a', part: {} }, ['part', 'label']],
    [{ name: 'a', part: 'b' }, ['part']],
    [{ name: 'a', parts: [{ label: 'b' }, { label: 1 }] }, ['parts', '1', 'label']],
    [{ name: 'a', parts: [{ label: 'b', other: 1 }] }, ['parts', '0', 'other']],
  ])('names the field and the rule: %j', async (body, loc) => {
    const fault = { loc: ['body', ...loc], msg: expect.stringMatching(/./), type: expect.stringMatching(/^\w+$/) };
    expect(await detailOf(body)).toEqual([fault]);
  });

  it('names every field that is wrong, each once', async () => {
    const detail = await detailOf({ name: 'too long and', size: 'x', other: 1 });
    expect((detail as { loc: string[] }[]).map(({ loc }) => loc.join('.')).sort()).toEqual([
      'body.name',
      'body.other',
      'body.size',
    ]);
  });

  it('says that a query was wrong, not a body', async () => {
    expect(await detailOf({ name: 7 }, { type: 'query', metatype: Thing })).toMatchObject([{ loc: ['query', 'name'] }]);
  });

  it('does not repeat what was sent', async () => {
    expect(JSON.stringify(await detailOf({ name: 'a', size: 'hunter2' }))).not.toContain('hunter2');
  });

  it.each<[object, string[]]>([
    [{ name: 'a\u0000' }, ['body', 'name']],
    [{ name: 'a', part: { label: '\u0000' } }, ['body', 'part', 'label']],
    [{ name: 'a', parts: [{ label: 'b' }, { label: 'c\u0000' }] }, ['body', 'parts', '1', 'label']],
  ])('takes no NUL, wherever it hides: %j', async (body, loc) => {
    expect(await detailOf(body)).toEqual([{ loc, msg: 'must not contain NUL', type: 'isText' }]);
  });

  it.each(['abc\u0000', '', '../x', 'a/b', 'abc\n', 'ä', "' OR 1=1", '%00', '*', 'x'.repeat(256)])(
    'knows no row by the id %j',
    async (id) => {
      for (const data of ['id', 'teamId'])
        expect(await detailOf(id, { type: 'param', metatype: String, data })).toBe('Not found');
    },
  );

  it('knows ids in every spelling, and gives the one that is stored', async () => {
    const stored = '9779b6698cbd4b4995ee04a4fab38737';
    for (const id of [stored, stored.toUpperCase(), '9779B669-8cbd-4b49-95ee-04a4fab38737'])
      expect(await pipe.transform(id, { type: 'param', metatype: String, data: 'teamId' })).toBe(stored);
    expect(await pipe.transform('Abc-1', { type: 'param', metatype: String, data: 'id' })).toBe('Abc-1');
    expect(await pipe.transform('A name', { type: 'param', metatype: String, data: 'promptId' })).toBe('A name');
  });

  it('takes other parts of a path as they are, but for a NUL', async () => {
    for (const part of [' Ann+1@example.com', 'x'.repeat(1000)])
      expect(await pipe.transform(part, { type: 'param', metatype: String, data: 'email' })).toBe(part);
    expect(await detailOf('a\u0000', { type: 'param', metatype: String, data: 'email' })).toBe('Not found');
  });

  it.each<[string, unknown, string[]]>([
    ['members', unread(members(100_000)), []],
    ['members within', { name: 'a', part: unread(members(1001)) }, ['part']],
    ['items', { name: 'a', parts: unread(Array.from({ length: 250_000 }, () => ({}))) }, ['parts']],
    ['items within', { name: 'a', parts: [{ label: [unread(Array(5001).fill(1))] }] }, ['parts', '0', 'label', '0']],
  ])('refuses too many %s before it reads them', async (_, body, loc) => {
    expect(await detailOf(body)).toEqual([
      { loc: ['body', ...loc], msg: expect.stringContaining('has more than'), type: expect.any(String) },
    ]);
  });

  it('names a hundred faults at most', async () => {
    const others = Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`a${index}`, 1]));
    expect(await detailOf({ name: 'a', ...others })).toHaveLength(100);
  });

  it('can not be talked into a prototype', async () => {
    const body: unknown = JSON.parse('{"name":"a","__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}');
    await detailOf(body);
    const read: unknown = await pipe.transform({ name: 'a' }, asBody(Thing));
    expect(Object.getPrototypeOf(read)).toBe(Thing.prototype);
    expect(['isAdmin', 'x'].filter((name) => name in {} || name in Thing.prototype)).toEqual([]);
  });
});
