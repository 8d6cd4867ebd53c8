import { flag, integer, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class TeamsSettings extends settings('Teams', {
  autoPersonalTeams: flag('AUTO_CREATE_PERSONAL_TEAMS', true, 'Give each new account a team of its own.'),
  personalPrefix: text('PERSONAL_TEAM_PREFIX', 'personal', 'How the slugs of personal teams begin.', {
    pattern: /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
    rule: 'must be at most 50 lower-case letters, digits and hyphens, with no hyphen at either end',
  }),
  maxTeamsPerUser: integer(
    'MAX_TEAMS_PER_USER',
    50,
    { min: 1, max: 10_000 },
    'Teams that a user may belong to, the personal one not counted.',
  ),
  maxMembersPerTeam: integer(
    'MAX_MEMBERS_PER_TEAM',
    100,
    { min: 1, max: 10_000 },
    'Members and open invitations of a team together. An owner may choose less, a platform administrator also more.',
  ),
  invitationDays: integer(
    'INVITATION_EXPIRY_DAYS',
    7,
    { min: 1, max: 365 },
    'How long an invitation, or a request to join, is good for, days.',
  ),
  requireVerifiedEmail: flag(
    'REQUIRE_EMAIL_VERIFICATION_FOR_INVITES',
    true,
    'Let only accounts with a verified address into teams: by invitation, by an owner who adds them, by request.',
  ),
  allowCreation: flag('ALLOW_TEAM_CREATION', true, 'Let others than platform administrators create teams.'),
  allowJoinRequests: flag(
    'ALLOW_TEAM_JOIN_REQUESTS',
    true,
    'Let others than platform administrators ask to join public teams.',
  ),
  allowInvitations: flag(
    'ALLOW_TEAM_INVITATIONS',
    true,
    'Let owners invite people; platform administrators always may.',
  ),
  allowPublic: flag('ALLOW_PUBLIC_VISIBILITY', true, 'Let teams be public; without it all teams count as private.'),
}) {}
