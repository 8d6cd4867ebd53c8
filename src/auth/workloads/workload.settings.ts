import { optional, type Setting } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { AuthSettings } from '../auth.settings.js';
import { IssuerSettings } from '../issuers/issuer.settings.js';
import { readWorkloadIssuers } from './read-workload-issuers.js';
import type { WorkloadIssuer } from './workload-issuer.js';

const ISSUERS: Setting<readonly WorkloadIssuer[]> = {
  ...optional(
    'WORKLOAD_ISSUERS',
    'Kubernetes clusters and SPIFFE trust domains whose workloads call with tokens of their own: a JSON array, as docs/guides/workload-identity.md explains it. None are accepted without.',
  ),
  type: 'JSON',
  fallback: [],
  read: readWorkloadIssuers,
};

export class WorkloadSettings extends settings('Workload identity', { issuers: ISSUERS }, ({ issuers }, earlier) => {
  const own = (earlier.get(AuthSettings) as AuthSettings | undefined)?.issuer;
  const external = (earlier.get(IssuerSettings) as IssuerSettings | undefined)?.issuers ?? [];
  const taken = new Set([own, ...external.map(({ issuer }) => issuer)]);
  return issuers.some(({ issuer }) => issuer !== undefined && taken.has(issuer))
    ? ['WORKLOAD_ISSUERS has an issuer that is JWT_ISSUER or in OAUTH_ACCEPTED_ISSUERS: each has one meaning']
    : [];
}) {}
