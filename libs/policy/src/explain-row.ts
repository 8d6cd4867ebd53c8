import type { Asked } from './explain-credential.js';
import { failed, passed, type Step } from './explain-step.js';
import { owns } from './place.js';
import { meetsConstraint, type SenderConstraint } from './sender-constraint.js';
import { isWholeScope } from './team-scope.js';
import { canSee, type OwnedRow } from './visibility.js';

export function explainVisibility(asked: Asked, row: OwnedRow): Step {
  const { principal, context } = asked;
  const team = row.teamId === null ? 'no team' : `the team ${context.teamName(row.teamId)}`;
  if (canSee(principal, row)) {
    if (row.visibility === 'public') return passed('visibility', 'The row is public.');
    const how =
      row.visibility === 'private' ? "private, and the user's own" : `shown to ${team}, which the credential reaches`;
    return passed('visibility', `The row is ${how}.`);
  }
  if (row.visibility === 'team')
    return failed(
      'visibility',
      `The row is shown to ${team}, which the credential does not reach.`,
      teamNeeded(asked, team),
    );
  const mine = row.ownerEmail !== null && row.ownerEmail === principal.subject;
  const narrowed = 'a sign-in of the same user, or a token that names the team of the row';
  return mine
    ? failed('visibility', "The row is private and the user's own, but the credential is narrowed.", narrowed)
    : failed('visibility', 'The row is private to its owner.', 'its owner, who alone sees it, or another visibility');
}

/** A token can't be made to reach a team of which its user is no member. */
function teamNeeded({ principal: { teams } }: Asked, team: string): string {
  return isWholeScope(teams)
    ? `membership of ${team}`
    : `membership of ${team}, and a sign-in or a token that names the team`;
}

export function explainOwnership({ principal, context }: Asked, row: OwnedRow): Step {
  const team = row.teamId === null ? undefined : `the team ${context.teamName(row.teamId)}`;
  if (owns(principal, row)) {
    const mine = row.ownerEmail !== null && row.ownerEmail === principal.subject;
    return passed('ownership', mine ? 'The user owns the row.' : `The user owns ${team}, to which the row belongs.`);
  }
  return failed(
    'ownership',
    `The user owns neither the row${team === undefined ? ', which has no team' : ` nor ${team}`}.`,
    `its owner${team === undefined ? '' : `, an owner of ${team}`} or a platform administrator`,
  );
}

const BOUND: Readonly<Record<SenderConstraint, string>> = {
  none: '',
  dpop: 'a token that is bound to a key (DPoP)',
  mtls: 'a token that is bound to a client certificate',
  any: 'a token that is bound to a key (DPoP) or a client certificate',
};

export function explainBinding({ principal }: Asked, constraint: SenderConstraint): Step {
  if (meetsConstraint(constraint, principal.binding))
    return passed('binding', 'The credential is bound as the server wants it.');
  return failed('binding', 'The server takes no credentials that whoever has them may use.', BOUND[constraint]);
}
