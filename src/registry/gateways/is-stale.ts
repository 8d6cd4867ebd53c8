import type { GatewayEntity } from './gateway.entity.js';

/** Whether an upstream has been away for so long that what it once offered is no longer listed. @param limitSeconds 0 for never */
export function isStale(
  { reachable, lastSeen }: Pick<GatewayEntity, 'reachable' | 'lastSeen'>,
  limitSeconds: number,
  now = Date.now(),
): boolean {
  return limitSeconds > 0 && !reachable && now - lastSeen.getTime() > limitSeconds * 1000;
}
