import { Injectable } from '@nestjs/common';
import { PERMISSIONS, type Permission, type Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { TeamDirectory } from '../../teams/team-directory.js';
import { AccessService, type Target } from '../access.service.js';
import type { ExplanationDto, QuestionDto } from './dto/explain.dto.js';
import { Explainer, type MayName, type Verdict } from './explainer.js';
import { Principals } from './principals.js';
import { RowDirectory } from './row-directory.js';
import { tokenConditions } from './token-conditions.js';

const EVERY = Object.keys(PERMISSIONS) as Permission[];

/** Whom a question is about. */
export interface Asked {
  readonly email?: string | undefined;
  /** The id of an API token. */
  readonly tokenId?: string | undefined;
}

/** Why somebody may do something or not, and what would be needed; for those who may ask about everybody. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly explainer: Explainer,
    private readonly access: AccessService,
    private readonly principals: Principals,
    private readonly rows: RowDirectory,
    private readonly teams: TeamDirectory,
  ) {}

  /** @throws GatewayError 404 for an account, token, team or row that there is not */
  async explain(caller: Principal, { email, tokenId }: Asked, question: QuestionDto): Promise<ExplanationDto> {
    const row = await this.#row(question);
    let principal: Principal;
    try {
      principal = tokenId === undefined ? await this.#signedIn(email ?? '') : await this.principals.ofApiToken(tokenId);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'not_found') throw error;
      return written(caller, email ?? '', question, refused(error), []);
    }
    return this.about(caller, principal, question, row && row(principal));
  }

  /** @param row of the question, if it names one */
  async about(
    caller: Principal,
    principal: Principal,
    question: QuestionDto,
    row: Target | undefined,
    mayName?: MayName,
  ): Promise<ExplanationDto> {
    const verdict = await this.explainer.verdict(principal, question.permission, row, mayName);
    return written(caller, principal.subject, question, verdict, tokenConditions(principal));
  }

  /** Everything that a signed-in user may do, sorted. @throws GatewayError 404 for an account or team that there is not */
  async permissionsOf(email: string, teamId: string | undefined): Promise<Permission[]> {
    if (teamId !== undefined) await this.#demandTeam(teamId);
    return this.allowed(await this.#signedIn(email), teamId);
  }

  /** What the decision function allows: anywhere, or with something of one's own in a team. */
  allowed(principal: Principal, teamId: string | undefined): Permission[] {
    const row = teamId === undefined ? undefined : ownIn(teamId)(principal);
    return EVERY.filter((action) => this.access.decide(principal, action, row).allowed).sort();
  }

  /** @throws GatewayError 404 */
  async #signedIn(email: string): Promise<Principal> {
    try {
      return await this.principals.signedIn(email);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'user_not_found')
        throw new GatewayError('not_found', 'User not found');
      throw error;
    }
  }

  async #row(question: QuestionDto): Promise<((principal: Principal) => Target) | undefined> {
    const { resource_type: type, resource_id: id, team_id: team } = question;
    if (type !== undefined && id !== undefined) {
      const row = await this.rows.find(type, id);
      if (!row) throw new GatewayError('not_found', `resource_id: There is no such row of ${type}`);
      return () => row;
    }
    if (team === undefined) return undefined;
    await this.#demandTeam(team);
    return ownIn(team);
  }

  async #demandTeam(id: string): Promise<void> {
    if (!(await this.teams.has(normaliseId(id)))) throw new GatewayError('not_found', 'Team not found');
  }
}

/** Something in a team that the principal would own. */
export const ownIn =
  (teamId: string) =>
  ({ subject: ownerEmail }: Principal): Target => ({ visibility: 'team', teamId: normaliseId(teamId), ownerEmail });

/** The credential itself would be refused, so nothing else is asked. */
const refused = ({ message, reason }: GatewayError): Verdict => ({
  granted: false,
  reason,
  steps: [{ step: 'credential', passed: false, text: `The credential is refused: ${message}` }],
  needed: ['a credential that is valid'],
});

function written(
  caller: Principal,
  email: string,
  { permission, resource_type: type, resource_id: id, team_id: team }: QuestionDto,
  verdict: Verdict,
  conditions: string[],
): ExplanationDto {
  return {
    user_email: email,
    permission,
    resource_type: type ?? null,
    resource_id: id ?? null,
    team_id: team ?? null,
    ...verdict,
    conditions,
    checked_at: new Date().toISOString(),
    checked_by: caller.subject,
  };
}
