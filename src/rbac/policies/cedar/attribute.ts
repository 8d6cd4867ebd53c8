import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';

/** What an attribute can be. An entity is known by its id: the e-mail of a user, the id of a team. */
export type AttributeValue = string | number | boolean | readonly string[];
type AttributeType = keyof typeof TO_CEDAR;

/** Something that policies can read of a principal, a row or a call; the schema is written from these. */
export interface Attribute<Of> {
  readonly type: AttributeType;
  /** Policies must ask `has` first. */
  readonly optional?: true;
  readonly read: (of: Of) => AttributeValue | undefined;
}

export type Attributes<Of> = Readonly<Record<string, Attribute<Of>>>;

const extension = (fn: string) => (value: AttributeValue) => ({ __extn: { fn, arg: String(value) } });
const entity = (type: string) => (value: AttributeValue) => ({ __entity: { type, id: String(value) } });
const plain = (value: AttributeValue): CedarValueJson => (typeof value === 'object' ? [...value] : value);

const TO_CEDAR = {
  String: plain,
  Bool: plain,
  Long: plain,
  'Set<String>': plain,
  User: entity('User'),
  Team: entity('Team'),
  ipaddr: extension('ip'),
  /** ISO 8601, UTC. */
  datetime: extension('datetime'),
} as const satisfies Record<string, (value: AttributeValue) => CedarValueJson>;

/** Those of the attributes that are asked for and there, as Cedar takes them. */
export function cedarAttributes<Of>(
  attributes: Attributes<Of>,
  of: Of,
  asked: ReadonlyMap<string, unknown>,
): Record<string, CedarValueJson> {
  const found: Record<string, CedarValueJson> = {};
  for (const name of asked.keys()) {
    const attribute = attributes[name];
    const value = attribute?.read(of);
    if (attribute && value !== undefined) found[name] = TO_CEDAR[attribute.type](value);
  }
  return found;
}

/** As a schema declares them. */
export const declared = <Of>(attributes: Attributes<Of>): string =>
  Object.entries(attributes)
    .map(([name, { type, optional }]) => `${name}${optional ? '?' : ''}: ${type}`)
    .join(', ');
