import * as client from 'openid-client';
import { namesIn } from './claimed-groups.js';

/**
 * The ids of somebody's groups, as Microsoft Graph knows them (`directoryObject: getMemberObjects`).
 * @returns null when it does not say: then nobody has any
 */
export async function graphGroups(
  configuration: client.Configuration,
  accessToken: string,
  graphUrl: string,
): Promise<ReadonlySet<string> | null> {
  const url = new URL(`${graphUrl.replace(/\/$/, '')}/me/getMemberObjects`);
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
  const body = JSON.stringify({ securityEnabledOnly: true });
  try {
    const answer = await client.fetchProtectedResource(configuration, accessToken, url, 'POST', body, headers);
    if (answer.status !== 200) return null;
    const { value } = (await answer.json()) as { value?: unknown };
    const names = value === undefined ? null : namesIn(value);
    return names && new Set(names);
  } catch {
    return null;
  }
}
