import type { FieldRules } from '#libs/fields';
import { ValidationError } from 'class-validator';
import { type FieldMark, fieldMarksOf } from './field.js';

/** The marked members of a DTO and of those within it that break the rule of their kind, as class-validator says it. */
export function fieldErrors(dto: object, rules: FieldRules): ValidationError[] {
  const own = marksOf(dto).flatMap((mark) => markErrors(mark, Reflect.get(dto, mark.property), rules));
  return [...own, ...memberErrors(dto, rules)];
}

function memberErrors(holder: object, rules: FieldRules): ValidationError[] {
  return Object.entries(holder).flatMap(([property, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null || isPlain(value)) return [];
    const children = Array.isArray(value) ? memberErrors(value, rules) : fieldErrors(value, rules);
    return children.length === 0 ? [] : [errorAt(property, value, { children })];
  });
}

function markErrors({ property, kind, most }: FieldMark, value: unknown, rules: FieldRules): ValidationError[] {
  if (Array.isArray(value)) {
    const children = value.flatMap((item, index) => textError(String(index), property, item));
    return children.length === 0 ? [] : [errorAt(property, value, { children })];
  }
  return textError(property, property, value);

  function textError(at: string, shown: string, text: unknown): ValidationError[] {
    const fault = typeof text === 'string' ? rules.fault(kind, text, most) : undefined;
    return fault === undefined ? [] : [errorAt(at, text, { constraints: { [kind]: `${shown} ${fault}` } })];
  }
}

function errorAt(property: string, value: unknown, what: Partial<ValidationError>): ValidationError {
  return Object.assign(new ValidationError(), { property, value, ...what });
}

function marksOf({ constructor }: object): readonly FieldMark[] {
  return fieldMarksOf(constructor as new () => unknown);
}

/** JSON that no class describes is not ours to judge. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
