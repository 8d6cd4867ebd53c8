import { Injectable } from '@nestjs/common';
import { canSee, type HeldRole, type Principal } from '#libs/policy';
import { DataSource } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { TeamAccess } from '../../teams/team-access.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { TeamUsers } from '../../teams/team-users.js';
import type { Target } from '../access.service.js';
import { ExplainMemberDto, type ExplanationDto } from './dto/explain.dto.js';
import { ExplainService, ownIn } from './explain.service.js';
import { Principals } from './principals.js';
import { RowDirectory } from './row-directory.js';

/** What owners of a team may know of its members: about the team alone, and about what they see of it themselves. */
@Injectable()
export class MemberExplanations {
  constructor(
    private readonly explanations: ExplainService,
    private readonly access: TeamAccess,
    private readonly users: TeamUsers,
    private readonly principals: Principals,
    private readonly rows: RowDirectory,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws GatewayError 404 for who is no member, and for what is not of the team or hidden from the caller */
  async explain(caller: Principal, id: string, question: ExplainMemberDto): Promise<ExplanationDto> {
    const { id: teamId } = await this.access.demand(this.dataSource.manager, caller, id, 'owner');
    const member = await this.#member(teamId, question.user_email);
    const row = (await this.#row(caller, teamId, question)) ?? ownIn(teamId)(member);
    return this.explanations.about(
      caller,
      member,
      Object.assign(new ExplainMemberDto(), question, { team_id: teamId }),
      row,
      mayName(teamId),
    );
  }

  async #row(
    caller: Principal,
    teamId: string,
    { resource_type: type, resource_id: id }: ExplainMemberDto,
  ): Promise<Target | undefined> {
    if (type === undefined || id === undefined) return undefined;
    const row = await this.rows.find(type, id);
    if (row?.teamId === teamId && canSee(caller, row)) return row;
    throw new GatewayError('not_found', `resource_id: There is no such row of ${type} in the team`);
  }

  async #member(teamId: string, email: string): Promise<Principal> {
    const user = await this.users.byEmail(email);
    const members = this.dataSource.getRepository(TeamMember);
    if (!user?.isActive || !(await members.existsBy({ teamId, userId: user.id, isActive: true })))
      throw new GatewayError('not_found', 'Team member not found');
    return this.principals.signedIn(user.email);
  }
}

/** The roles of a member in other teams are nobody's business here. */
const mayName =
  (teamId: string) =>
  ({ scope, teamId: where }: HeldRole): boolean =>
    scope === 'global' || where === teamId;
