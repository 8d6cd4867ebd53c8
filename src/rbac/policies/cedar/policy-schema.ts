import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import { categoryOf, type Permission, PERMISSIONS, verbOf } from '#libs/policy';
import { declared } from './attribute.js';
import { CALL_ATTRIBUTES } from './call-attributes.js';
import { PRINCIPAL_ATTRIBUTES } from './principal-attributes.js';
import { ROW_TYPES } from './row-attributes.js';

/** The type of decisions that are about no row. */
export const PLATFORM = 'Platform';

/** What policies can forbid: all but their own administration, so that nobody locks everybody out for good. */
export const GOVERNED: readonly Permission[] = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => !permission.startsWith('policies.'),
);

/** What a decision is about, as policies call it. */
export function resourceTypeOf(action: Permission, aboutRow: boolean): string {
  return (aboutRow && ROW_TYPES.get(categoryOf(action))?.type) || PLATFORM;
}

const categories = [...new Set(GOVERNED.map(categoryOf))];
const rows = [...ROW_TYPES].filter(([category]) => categories.includes(category));

/** The permissions of each category and of each verb. */
export const ACTION_GROUPS: ReadonlyMap<string, readonly Permission[]> = new Map(
  [...new Set([...categories, ...GOVERNED.map(verbOf)])].map((group) => [
    group,
    GOVERNED.filter((action) => categoryOf(action) === group || verbOf(action) === group),
  ]),
);

/** What decisions can be about. */
export const RESOURCE_TYPES: readonly string[] = [...rows.map(([, { type }]) => type), PLATFORM];

/** The action and the groups that it is in. */
export const actionEntity = (action: Permission): EntityJson => ({
  uid: { type: 'Action', id: action },
  attrs: {},
  parents: [categoryOf(action), verbOf(action)].map((id) => ({ type: 'Action', id })),
});

function actionLine(action: Permission): string {
  const [category, verb] = [categoryOf(action), verbOf(action)];
  const types = [...new Set([resourceTypeOf(action, true), PLATFORM])];
  return [
    `// ${PERMISSIONS[action]}`,
    `action "${action}" in [Action::"${category}", Action::"${verb}"]`,
    `  appliesTo { principal: User, resource: [${types.join(', ')}], context: Call };`,
  ].join('\n');
}

/** The Cedar schema that every policy is checked against, made from the permissions and from what can be read. */
export const POLICY_SCHEMA = [
  `// By id. A user is in a team or holds a role as far as the credential reaches.
entity Team, Role;
// By e-mail. kind is session, api_token, basic, proxy or anonymous; token is the jti of the credential.
// Of the owner of a row only the e-mail is known.
entity User in [Team, Role] { ${declared(PRINCIPAL_ATTRIBUTES)} };`,
  '// For decisions that are about no row.\nentity Platform;',
  '// By id. name is the name or URI by which the upstream knows it. Hints are absent where the upstream gives none.',
  ...rows.map(([, { type, attributes }]) => `entity ${type} { ${declared(attributes)} };`),
  `// The arguments of a call by path, such as "files.0.name"; kind is text, number, flag, null, list or record.
// text is the value as text, of lists and records their JSON; number is there for whole numbers.
entity Arguments tags { kind: String, text: String, number?: Long, flag?: Bool };`,
  `// Times are UTC; weekday 1 is Monday. server is the id of the virtual server.
type Call = { ${declared(CALL_ATTRIBUTES)}, arguments: Arguments };`,
  `// Each category and each verb is a group of actions.\naction ${[...ACTION_GROUPS.keys()].map((name) => `"${name}"`).join(', ')};`,
  ...GOVERNED.map(actionLine),
].join('\n\n');
