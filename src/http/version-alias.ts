const ALIAS = '/v1';

/**
 * The target of a request without the one `/v1` that may lead it: everything is served under both. Only this spelling
 * counts, once, and nothing behind the edge ever sees it, so that no rule about paths can be gone around.
 */
export function withoutVersion(target: string): string {
  if (!target.startsWith(ALIAS)) return target;
  const rest = target.slice(ALIAS.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : target;
}
