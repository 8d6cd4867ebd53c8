import type { FieldRules } from '#libs/fields';
import { FieldMark, IN_OPENAPI } from './field.js';

/** A part of an OpenAPI document in which every mark of a field became what JSON Schema can say of its rule. */
export function documentedFields<Part>(part: Part, rules: FieldRules): Part {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item: unknown) => documentedFields(item, rules)) as Part;
  const { [IN_OPENAPI]: mark, ...rest } = part as Readonly<Record<string, unknown>>;
  const members = Object.entries(rest).map(([name, value]) => [name, documentedFields(value, rules)]);
  const shown = Object.fromEntries(members) as Record<string, unknown>;
  return (mark instanceof FieldMark ? withSchema(shown, rules.schema(mark.kind, mark.most)) : shown) as Part;
}

/** A parameter has its schema within, a list has that of its items. */
function withSchema(shown: Record<string, unknown>, rule: object): object {
  const inner = ['schema', 'items'].find((name) => name in shown);
  return inner ? { ...shown, [inner]: withSchema({ ...(shown[inner] as object) }, rule) } : { ...shown, ...rule };
}
