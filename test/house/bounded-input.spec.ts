import 'reflect-metadata';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { getMetadataStorage } from 'class-validator';
import type { MetadataStorage } from 'class-transformer/types/MetadataStorage.js';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FieldMark } from '../../src/http/fields/field.js';

type Class = new (...args: never[]) => object;
type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  readonly defaultMetadataStorage: MetadataStorage;
};

const SRC = resolve(import.meta.dirname, '../../src');
/** What leaves no room for text of any length. */
const NO_TEXT = new Set(['isBoolean', 'isInt', 'isNumber', 'isDate', 'isIn', 'isEnum', 'isObject']);
/** A repetition without an end. */
const ENDLESS = /(?<!\\)[*+]|\{\d+,\}/;

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

const rulesOf = (type: Class): Rule[] => getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
const isList = (rules: readonly Rule[]): boolean => rules.some(({ name }) => name === 'isArray');

function bounds({ name, type, constraints }: Rule): boolean {
  const [first] = (constraints ?? []) as unknown[];
  if (first instanceof FieldMark || name === 'maxLength' || type === 'nestedValidation') return true;
  if (name === 'matches') return first instanceof RegExp && !ENDLESS.test(first.source.replaceAll(/\[[^\]]*\]/g, 'x'));
  return NO_TEXT.has(name ?? '');
}

/** The members of a class through which text of any length could come. */
function unbounded(type: Class): string[] {
  const all = rulesOf(type);
  const members = [...new Set(all.map(({ propertyName }) => propertyName))];
  return members.flatMap((member) => {
    const rules = all.filter(({ propertyName }) => propertyName === member);
    const list = isList(rules);
    const each = (rule: Rule): boolean => !list || rule.each || rule.type === 'nestedValidation';
    const faults = [
      ...(rules.some((rule) => each(rule) && bounds(rule)) ? [] : ['text']),
      ...(list && !rules.some(({ name }) => name === 'arrayMaxSize') ? ['list'] : []),
    ];
    return faults.map((fault) => `${type.name}.${member}: ${fault}`);
  });
}

describe('what comes in', () => {
  let classes: Class[] = [];
  beforeAll(async () => {
    classes = withParts(await inputClasses());
  });

  it('should be found', () => {
    expect(classes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['CreateGatewayDto', 'ListQueryDto', 'LoginDto']),
    );
  });

  it('should be bounded, each text and each list', () => {
    expect(classes.flatMap(unbounded)).toEqual([]);
  });
});
