import 'reflect-metadata';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { plainToInstance } from 'class-transformer';
import type { MetadataStorage } from 'class-transformer/types/MetadataStorage.js';
import { getMetadataStorage } from 'class-validator';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/http/errors.js';
import { validationPipe } from '../../src/http/validation.pipe.js';

type Class = new () => object;

const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  readonly defaultMetadataStorage: MetadataStorage;
};

const SRC = resolve(import.meta.dirname, '../../src');
/** Characters; more than any one field may have, and less than what stops a body. */
const LONG = 2_500_000;
const SHORT_ENOUGH = 100_000;

const long = (head: string, piece: string, tail = ''): string => head + piece.repeat(LONG / piece.length) + tail;
/** What an unbounded field of one kind or another would take. */
const PROBES: Readonly<Record<string, unknown>> = {
  letters: long('', 'a'),
  digits: long('', '1'),
  'an address': long('https://example.com/', 'a'),
  'a URI': long('urn:', 'a'),
  'a media type': long('text/', 'a'),
  'an e-mail': long('', 'a', '@example.com'),
  'an instant': long('2026-01-01T00:00:00.', '0', 'Z'),
  'a list in text': long('', 'a,'),
  // More than any list may have, and together longer than SHORT_ENOUGH.
  'a list': Array.from({ length: 2100 }, (_, index) => `a-${index}`.padEnd(60, 'a')),
  'a list of one': [long('', 'a')],
  'a list of permissions': [long('tools.', 'a')],
  'an object of text': { a: long('', 'a') },
};

/** Every class that a route takes its body or its query as. */
async function inputClasses(): Promise<Class[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.controller.ts'),
  );
  const modules = await Promise.all(files.map((file) => import(join(SRC, file)) as Promise<Record<string, unknown>>));
  const controllers = modules.flatMap((module) => Object.values(module)).filter((item) => typeof item === 'function');
  return [...new Set(controllers.flatMap((controller) => inputsOf(controller as Class)))];
}

function inputsOf(controller: Class): Class[] {
  const prototype = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
      string,
      { index: number }
    >;
    const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as Class[];
    return Object.entries(args).flatMap(([key, { index }]) => {
      const kind = Number(key.split(':')[0]);
      const type = types[index];
      return type && [RouteParamtypes.BODY, RouteParamtypes.QUERY].includes(kind) ? [type] : [];
    });
  });
}

const rulesOf = (type: Class) => getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);

/** The classes, and those of the objects within them. */
function withParts(classes: readonly Class[]): Class[] {
  const found = new Set(classes);
  for (const type of found)
    for (const { propertyName, type: rule } of rulesOf(type))
      if (rule === 'nestedValidation') found.add(partOf(type, propertyName));
  return [...found];
}

function partOf(type: Class, property: string): Class {
  const part = defaultMetadataStorage.findTypeMetadata(type, property)?.typeFunction() as Class | undefined;
  if (!part) throw new Error(`${type.name}.${property} does not say which class it holds`);
  return part;
}

/** The members that are refused; of a body that is taken none. */
async function refused(type: Class, body: object): Promise<Set<string>> {
  try {
    await validationPipe().transform(body, { type: 'body', metatype: type });
    return new Set();
  } catch (error) {
    if (!(error instanceof GatewayError) || typeof error.detail === 'string') throw error;
    return new Set(error.detail.map(({ loc }) => loc[1] ?? ''));
  }
}

/** Whether the probe is cut down where it is read, as tags are. */
function isShort(type: Class, member: string, probe: unknown): boolean {
  const read = plainToInstance(type, { [member]: probe });
  return JSON.stringify(Reflect.get(read, member) ?? null).length < SHORT_ENOUGH;
}

/** The members that take the probe and keep it. */
async function taking(type: Class, probe: unknown): Promise<string[]> {
  const rules = rulesOf(type);
  const members = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const together = await refused(type, Object.fromEntries(members.map((member) => [member, probe])));
  const kept: string[] = [];
  for (const member of members.filter((name) => !together.has(name))) {
    // JSON that has no form of its own, such as a schema, is bounded with the body and where it is stored.
    const isJson = rules.some(({ propertyName, name }) => propertyName === member && name === 'isObject');
    if (isJson && typeof probe === 'object' && !Array.isArray(probe)) continue;
    if (!isShort(type, member, probe) && !(await refused(type, { [member]: probe })).has(member))
      kept.push(`${type.name}.${member}`);
  }
  return kept;
}

describe('what comes in', () => {
  let classes: Class[] = [];
  beforeAll(async () => {
    classes = withParts(await inputClasses());
  });

  it('should be found', () => {
    const names = classes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['CreateGatewayDto', 'AuthHeaderDto', 'ListQueryDto', 'LoginDto']));
  });

  it.each(Object.keys(PROBES))('should be bounded: no field takes %s without an end', async (name) => {
    const kept = await Promise.all(classes.map((type) => taking(type, PROBES[name])));
    expect(kept.flat()).toEqual([]);
  });
});
