import type { Principal } from '#libs/policy';
import type { RegistryRow, Via } from './registry-row.js';

type Changed = Pick<RegistryRow, 'updatedAt' | 'modifiedBy' | 'modifiedFromIp' | 'modifiedVia' | 'modifiedUserAgent'>;
type Made = Changed &
  Pick<
    RegistryRow,
    | 'createdAt'
    | 'createdBy'
    | 'createdFromIp'
    | 'createdVia'
    | 'createdUserAgent'
    | 'importBatchId'
    | 'federationSource'
    | 'version'
    | 'changeable'
  >;

const LONGEST_AGENT = 255;

/** Who changed a row, whence and when. */
export function changedBy({ subject, origin }: Principal, now: Date, via: Via = 'api'): Changed {
  return {
    updatedAt: now,
    modifiedBy: subject,
    modifiedFromIp: origin?.clientAddress ?? null,
    modifiedVia: via,
    modifiedUserAgent: origin?.userAgent.slice(0, LONGEST_AGENT) ?? null,
  };
}

/** Who made a row, whence and when. */
export function madeBy(caller: Principal, now: Date, via: Via = 'api'): Made {
  const changed = changedBy(caller, now, via);
  return {
    ...changed,
    createdAt: now,
    createdBy: changed.modifiedBy,
    createdFromIp: changed.modifiedFromIp,
    createdVia: via,
    createdUserAgent: changed.modifiedUserAgent,
    importBatchId: null,
    federationSource: null,
    version: 1,
    changeable: true,
  };
}
