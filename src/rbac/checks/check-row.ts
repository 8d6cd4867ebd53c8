import { categoryOf } from '#libs/policy';
import { arrivalId } from '../../audit/arrival-id.js';
import { logText, optionalLogText } from '../../audit/log-text.js';
import type { Check } from './check-log.js';
import type { PermissionCheck } from './permission-check.entity.js';

/** Names in one row, at most: with their lengths they fit into its column. */
const MOST_NAMES = 50;

/**
 * A decision as its row keeps it. Every text is cut to the width of its column: a database that refused one row would
 * refuse its whole batch, for ever. The arguments of the call are not among it; they may be secret.
 *
 * @param now epoch milliseconds
 */
export function checkRow({ principal, action, row, answer, at }: Check, now: number): PermissionCheck {
  const origin = at.origin ?? principal.origin;
  const { policies } = answer;
  return {
    id: arrivalId(now),
    timestamp: new Date(now),
    userEmail: logText(principal.subject, 255),
    tokenId: optionalLogText(principal.tokenId, 64),
    permission: action,
    resourceType: row ? categoryOf(action) : null,
    resourceId: optionalLogText(row?.id, 255),
    teamId: optionalLogText(row ? row.teamId : at.teamId, 36),
    granted: answer.allowed,
    reason: answer.reason,
    rolesChecked: namesIn(principal.roles.map(({ name }) => name)),
    policies: policies && policies.length > 0 ? namesIn(policies) : null,
    ipAddress: logText(origin?.clientAddress ?? '', 64),
    userAgent: logText(origin?.userAgent ?? '', 255),
    correlationId: logText(origin?.correlationId ?? '', 64),
  };
}

const namesIn = (names: readonly string[]): string[] =>
  [...new Set(names)].slice(0, MOST_NAMES).map((name) => logText(name, 191));
