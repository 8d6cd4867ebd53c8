import { Injectable } from '@nestjs/common';
import { canSee, type Permission, type Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService, type Target } from '../access.service.js';
import { ExplanationDto, type QuestionDto } from './dto/explain.dto.js';
import { ExplainService, ownIn } from './explain.service.js';
import { type ResourceType, RowDirectory } from './row-directory.js';

/** Nobody's, and of no team: what a row that does not exist is taken for, so that a hidden one answers alike. */
const HIDDEN: Target = Object.freeze({ visibility: 'private', teamId: null, ownerEmail: null });

/** What callers may know of themselves; it tells nothing about rows and teams that they can't see. */
@Injectable()
export class OwnExplanations {
  constructor(
    private readonly explanations: ExplainService,
    private readonly rows: RowDirectory,
    private readonly access: AccessService,
  ) {}

  async explain(caller: Principal, question: QuestionDto): Promise<ExplanationDto> {
    const { resource_type: type, resource_id: id, team_id: team } = question;
    if (type === undefined || id === undefined)
      return this.explanations.about(
        caller,
        caller,
        question,
        team === undefined ? undefined : this.#inTeam(caller, team),
      );
    const row = await this.rows.find(type, id);
    if (row && this.#sees(caller, type, row)) return this.explanations.about(caller, caller, question, row);
    return hiding(await this.explanations.about(caller, caller, question, HIDDEN));
  }

  /** @throws GatewayError 404 for a team that the caller does not belong to */
  permissions(caller: Principal, team: string | undefined): Permission[] {
    if (team !== undefined && !reaches(caller, normaliseId(team)))
      throw new GatewayError('not_found', 'Team not found');
    return this.explanations.allowed(caller, team);
  }

  /** Roles don't matter here: whoever lacks one may be told so about a row that he could otherwise see. */
  #sees(caller: Principal, type: ResourceType, row: Target): boolean {
    return canSee(caller, row) && this.access.decide(caller, `${type}.read`, row).reason !== 'policy';
  }

  #inTeam(caller: Principal, team: string): Target {
    if (!reaches(caller, normaliseId(team))) throw new GatewayError('not_found', 'Team not found');
    return ownIn(team)(caller);
  }
}

/** Administrators see all teams, and a team that does not exist holds nothing to see. */
const reaches = ({ teams }: Principal, teamId: string): boolean =>
  teams.kind === 'all' || (teams.kind === 'teams' && teams.ids.has(teamId));

/** Without the words that only fit a row that is there. */
function hiding(explanation: ExplanationDto): ExplanationDto {
  const steps = explanation.steps
    .filter(({ step }) => step !== 'place' && step !== 'ownership')
    .map((step) =>
      step.step === 'visibility'
        ? { step: step.step, passed: false, text: 'There is no such row, or the credential does not reach it.' }
        : step,
    );
  const needed =
    explanation.reason === 'not_visible' ? ['a row that exists and that the credential reaches'] : explanation.needed;
  return Object.assign(new ExplanationDto(), explanation, { steps, needed });
}
