import { FieldRules, STANDARD_LIMITS } from '#libs/fields';
import { PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsOptional, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors.js';
import { validationPipe } from '../validation.pipe.js';
import { Field } from './field.js';

class Part {
  @Field('identifier')
  code: string;
}

class Thing {
  @Field('name', { most: 10 })
  name: string;

  @IsOptional()
  @Field('text')
  description?: string | null;

  @IsOptional()
  @IsArray()
  @Field('id', { each: true })
  ids?: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  part?: Part;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];
}

class ThingPatch extends PartialType(Thing) {}
class Grown extends Thing {
  @Field('line')
  title: string;
}

async function read(body: object, metatype: new () => object = Thing, rules?: FieldRules): Promise<unknown> {
  try {
    return (await validationPipe(rules).transform(body, { type: 'body', metatype })) as unknown;
  } catch (error) {
    if (error instanceof GatewayError) return error.detail;
    throw error;
  }
}

const fault = (loc: string[], type: string, msg: unknown) => ({ loc: ['body', ...loc], type, msg });

describe(Field.name, () => {
  it('takes what keeps the rule, trimmed or rid of control characters as the kind has it', async () => {
    const body = {
      name: ' a ',
      description: ' a\u001b\u0007 > `b`\n',
      ids: ['1-a'],
      part: { code: 'x' },
      parts: [{ code: 'y' }],
    };
    expect(await read(body)).toEqual({ ...body, name: 'a', description: ' a > `b`\n' });
    expect(await read({ name: 'a', description: null })).toEqual({ name: 'a', description: null });
  });

  it.each<[object, string[], string, string]>([
    [{ name: '<b>' }, ['name'], 'name', 'name is not of letters, digits, spaces, _ . and - alone'],
    [{ name: 'x'.repeat(11) }, ['name'], 'name', 'name is longer than 10 characters'],
    [{ name: ' ' }, ['name'], 'name', 'name is empty'],
    [{ name: 'a', description: '<script>' }, ['description'], 'text', 'description holds a <script> tag'],
    [{ name: 'a', description: 'a\0b' }, ['description'], 'text', 'description holds a NUL'],
    [{ name: 'a', ids: ['a', '..'] }, ['ids', '1'], 'id', 'ids is not an id of letters, digits and hyphens'],
    [
      { name: 'a', part: { code: 'a b' } },
      ['part', 'code'],
      'identifier',
      'code is not of letters, digits, _ . and - alone',
    ],
    [{ name: 'a', parts: [{ code: 'a' }, { code: '' }] }, ['parts', '1', 'code'], 'identifier', 'code is empty'],
  ])('names the field and the rule: %j', async (body, loc, type, msg) => {
    expect(await read(body)).toEqual([fault(loc, type, msg)]);
  });

  it.each<[object, string[]]>([
    [{ name: 7 }, ['name']],
    [{ name: ['a'] }, ['name']],
    [{ name: 'a', ids: [7] }, ['ids']],
  ])('takes nothing but text: %j', async (body, loc) => {
    expect(await read(body)).toEqual([fault(loc, 'isString', expect.stringContaining('must be a string'))]);
  });

  it('says that a field is missing, and names every field that is wrong at once', async () => {
    expect(await read({})).toEqual([fault(['name'], 'missing', 'name is required')]);
    expect(await read({ name: '/', description: '<script>', other: 1 })).toHaveLength(3);
  });

  it('names what nobody knows, wherever it stands', async () => {
    expect(await read({ name: 'a', nam: 'b', part: { code: 'x', cod: 1 } })).toEqual([
      fault(['nam'], 'extra_forbidden', 'nam is not known here'),
      fault(['part', 'cod'], 'extra_forbidden', 'cod is not known here'),
    ]);
  });

  it('goes with the class into what is made of it', async () => {
    expect(await read({}, ThingPatch)).toEqual({});
    expect(await read({ name: '<b>' }, ThingPatch)).toEqual([fault(['name'], 'name', expect.anything())]);
    expect(await read({ name: '<b>', title: 'a\nb' }, Grown)).toHaveLength(2);
  });

  it('obeys the limits of the operator', async () => {
    const rules = new FieldRules({ ...STANDARD_LIMITS, descriptionLength: 64 });
    expect(await read({ name: 'a', description: 'x'.repeat(65) }, Thing, rules)).toEqual([
      fault(['description'], 'text', 'description is longer than 64 characters'),
    ]);
  });
});
