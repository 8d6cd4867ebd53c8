import { Injectable, Logger } from '@nestjs/common';
import { HttpSettings } from '../http/http.settings.js';
import { Mailer } from '../mail/mailer.js';
import type { TeamInvitation } from './team-invitation.entity.js';
import type { Team } from './team.entity.js';

/** `sent` means taken over by the mail server. */
export type Delivery = 'sent' | 'failed';

/** Tells people by mail that they are invited. */
@Injectable()
export class InvitationLetter {
  readonly #log = new Logger(InvitationLetter.name);

  constructor(
    private readonly http: HttpSettings,
    private readonly mailer: Mailer,
  ) {}

  /** Where the invitation is accepted. */
  urlOf(token: string): string {
    return this.http.linkTo(`/teams/invitations/${token}/accept`);
  }

  /** Never rejects: an invitation that could not be sent can still be handed over. */
  async send({ id, email: to, expiresAt }: TeamInvitation, team: Team, token: string): Promise<Delivery> {
    const text = [
      `You are invited to join the team "${team.name}".`,
      '',
      `To accept, sign in as ${to} and send POST ${this.urlOf(token)}`,
      `The invitation works once, for you alone, until ${expiresAt.toISOString()}.`,
      '',
      'If you do not know what this is about, do nothing.',
    ].join('\n');
    try {
      await this.mailer.send({ to, subject: 'Invitation to a team', text });
      return 'sent';
    } catch (error) {
      this.#log.warn({ message: 'an invitation was not sent', invitation: id, error });
      return 'failed';
    }
  }
}
