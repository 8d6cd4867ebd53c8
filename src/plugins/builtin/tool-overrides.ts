import { plainToInstance } from 'class-transformer';
import { ValidateBy, validateSync } from 'class-validator';
import type { CallFacts } from '../plugin-context.js';

const MOST_TOOLS = 10_000;
const STRICT = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false } as const;

function faultOf(value: unknown, type: new () => object): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must map tools to what is other for them';
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length > MOST_TOOLS) return `must not name more than ${MOST_TOOLS} tools`;
  for (const [name, given] of entries) {
    const at = `has for "${name.slice(0, 100)}"`;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return `${at} what is no object`;
    const [error] = validateSync(plainToInstance(type, given), STRICT);
    if (error) return `${at} a fault: ${Object.values(error.constraints ?? {})[0] ?? error.property}`;
  }
  return undefined;
}

/** A map by names of tools, each value as its class wants it. */
export const ToolOverrides = (type: new () => object): PropertyDecorator =>
  ValidateBy({
    name: 'toolOverrides',
    validator: {
      validate: (value: unknown) => faultOf(value, type) === undefined,
      defaultMessage: (args) => faultOf(args?.value, type) ?? '',
    },
  });

/** The settings of a plugin as they are for a call. */
export const settingsFor = <S extends { readonly tool_overrides: Readonly<Record<string, object>> }>(
  settings: S,
  name: string,
  facts: CallFacts,
): S => Object.assign({}, settings, forTool(settings.tool_overrides, name, facts));

/** What a map by names of tools has for a call: under the name that callers use, the upstream's, or the id. */
export function forTool<T>(map: Readonly<Record<string, T>>, name: string, { target }: CallFacts): T | undefined {
  const known = [target?.name, name, target?.id].find((each) => each !== undefined && Object.hasOwn(map, each));
  return known === undefined ? undefined : map[known];
}
