import type { FieldKind } from '#libs/fields';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { getMetadataStorage, ValidateBy } from 'class-validator';

export interface FieldOptions {
  /** In characters, where the column holds less than the kind may have. */
  readonly most?: number;
  /** The field is a list of such texts. */
  readonly each?: true;
}

/** Where the description of the API has the mark, until the limits of the operator take its place. */
export const IN_OPENAPI = 'x-field';

/** What a member of a DTO was declared to be. */
export class FieldMark {
  constructor(
    readonly property: string,
    readonly kind: FieldKind,
    readonly most: number | undefined,
  ) {}
}

/** All but tab, line breaks, and NUL, which is refused. */
const DROPPED = /[^\P{Control}\t\n\r\0]/gu;

/** What is done to the text before it is judged; other kinds are taken as they are. */
const CLEANED: Partial<Readonly<Record<FieldKind, (text: string) => string>>> = {
  name: (text) => text.trim(),
  line: (text) => text.trim(),
  email: (text) => text.trim().toLowerCase(),
  text: (text) => text.replaceAll(DROPPED, ''),
};

/**
 * Declares what kind of text a member of a DTO is; the input pipe refuses what breaks the rule of the kind, and the
 * description of the API tells it. The mark is kept where class-validator keeps its own, so that `PartialType` and inheritance carry it on.
 */
export function Field(kind: FieldKind, { most, each }: FieldOptions = {}): PropertyDecorator {
  const options = each && { each };
  return (target, property) => {
    const mark = new FieldMark(String(property), kind, most);
    const clean = CLEANED[kind];
    const described = { type: String, isArray: each === true, [IN_OPENAPI]: mark };
    ApiProperty(described)(target, property);
    if (clean) Transform((params) => cleaned(params, clean))(target, property);
    ValidateBy(
      {
        name: 'isString',
        constraints: [mark],
        validator: {
          validate: (value) => typeof value === 'string',
          defaultMessage: () => `${each ? 'each value in ' : ''}$property must be a string`,
        },
      },
      options,
    )(target, property);
  };
}

function cleaned({ value }: TransformFnParams, clean: (text: string) => string): unknown {
  if (!Array.isArray(value)) return typeof value === 'string' ? clean(value) : value;
  return value.map((item: unknown) => (typeof item === 'string' ? clean(item) : item));
}

const known = new WeakMap<object, readonly FieldMark[]>();

/** The marks of a class, with those it inherits. */
export function fieldMarksOf(type: new (...args: never[]) => unknown): readonly FieldMark[] {
  const found = known.get(type);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const marks = rules.flatMap(({ constraints, propertyName }) => {
    const mark: unknown = constraints?.[0];
    return mark instanceof FieldMark && mark.property === propertyName ? [mark] : [];
  });
  known.set(type, marks);
  return marks;
}
