import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CollectingMailer } from '../../test/fixtures/fakes/collecting-mailer.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { HttpSettings } from '../http/http.settings.js';
import { InvitationLetter } from './invitation-letter.js';
import { MailedToken } from '../mail/mailed-token.js';
import type { TeamInvitation } from './team-invitation.entity.js';
import type { Team } from './team.entity.js';

const invitation = { id: 'i', email: 'bob@example.com', expiresAt: new Date(0) } as TeamInvitation;
const team = { name: 'The Reds' } as Team;
const http = settingsOf(HttpSettings, { APP_DOMAIN: 'https://gate.example.com/' });

describe(InvitationLetter.name, () => {
  afterEach(() => vi.restoreAllMocks());

  it('goes to the address that is invited, and says how to accept until when', async () => {
    const mailer = new CollectingMailer();
    const token = MailedToken.make();
    expect(await new InvitationLetter(http, mailer).send(invitation, team, token)).toBe('sent');
    expect(mailer.sent).toEqual([
      { to: 'bob@example.com', subject: 'Invitation to a team', text: expect.stringContaining('"The Reds"') },
    ]);
    expect(mailer.sent[0]?.text).toContain(`https://gate.example.com/teams/invitations/${token}/accept`);
    expect(mailer.sent[0]?.text).toContain('1970-01-01T00:00:00.000Z');
  });

  it('that is not taken over fails, without its token in the log', async () => {
    const lines: unknown[] = [];
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((line) => void lines.push(line));
    const mailer = new CollectingMailer();
    mailer.broken = true;
    const token = MailedToken.make();
    expect(await new InvitationLetter(http, mailer).send(invitation, team, token)).toBe('failed');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(token);
  });
});

describe('MailedToken', () => {
  it('has 256 random bits, and a hash that does not show them', () => {
    const tokens = Array.from({ length: 100 }, MailedToken.make);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(MailedToken.hash(token)).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
