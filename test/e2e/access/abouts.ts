import { account, oversight, token } from './abouts/accounts.js';
import { door, serverDoor } from './abouts/doors.js';
import { policy, role } from './abouts/roles.js';
import { everyone, list, session, signedIn } from './abouts/nothing.js';
import { deleted, newRow, row } from './abouts/rows.js';
import {
  accept,
  invitation,
  join,
  leave,
  teamBindings,
  teamMember,
  teamOwner,
  teamToken,
  teamTokens,
  withdraw,
} from './abouts/teams.js';
import type { About } from './ground.js';

/** What a route can be about, under the names of the third column of the tables. */
export const ABOUTS: Readonly<Record<string, About>> = {
  // nothing in particular
  everyone,
  'signed in': signedIn,
  session,
  list,
  tokens: session,
  // rows of the registry, in five shapes
  new: newRow,
  gateway: row('gateway'),
  server: row('server'),
  tool: row('tool', 'kept tool'),
  resource: row('resource', 'template', 'kept resource'),
  'resource to read': row('resource', 'kept resource'),
  prompt: row('prompt', 'kept prompt'),
  'tool to delete': deleted('tool', 'kept tool'),
  'resource to delete': deleted('resource', 'kept resource'),
  'prompt to delete': deleted('prompt', 'kept prompt'),
  MCP: door,
  'MCP server': serverDoor,
  // teams, private and public
  'team member': teamMember,
  'team owner': teamOwner,
  'team bindings': teamBindings,
  invitation,
  accept,
  leave,
  join,
  withdraw,
  'team tokens': teamTokens,
  'team token': teamToken,
  // accounts and their tokens
  account,
  token,
  oversight,
  // roles and policies
  role,
  policy,
};
