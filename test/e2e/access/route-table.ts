import { ACCOUNT_ROUTES } from './routes/accounts.js';
import { ACCESS_ROUTES } from './routes/access.js';
import { PLATFORM_ROUTES } from './routes/platform.js';
import { REGISTRY_ROUTES } from './routes/registry.js';
import { SCIM_ROUTES } from './routes/scim.js';
import { SSO_ROUTES } from './routes/sso.js';
import { TEAM_ROUTES } from './routes/teams.js';

/** A route as the documentation has it. */
export interface RouteRow {
  readonly method: string;
  /** With the names of its parameters. */
  readonly path: string;
  /** Empty where a route asks for none. */
  readonly permission: string;
  /** What it is about: a key of {@link ABOUTS}. */
  readonly about: string;
  /** The answer to whom it opens: a status, and the code of a refusal that says so. */
  readonly ok: string;
  /** JSON, with NAME for a new name; empty for none. */
  readonly body: string;
}

/** Reads `METHOD /path | permission | about | answer | body`, one route a line. */
export function routesIn(table: string): RouteRow[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [route = '', permission = '', about = '', ok = '200', ...body] = line.split('|').map((part) => part.trim());
      const [method = '', path = ''] = route.split(/\s+/);
      return { method, path, permission, about, ok, body: body.join('|') };
    });
}

export const ROUTES: readonly RouteRow[] = [
  REGISTRY_ROUTES,
  TEAM_ROUTES,
  ACCOUNT_ROUTES,
  SSO_ROUTES,
  ACCESS_ROUTES,
  PLATFORM_ROUTES,
  SCIM_ROUTES,
].flatMap(routesIn);
