import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { AssignmentReader } from './assignment-reader.js';
import { endOf, scopeIdOf } from './assignment-wish.js';
import { AssignmentService } from './assignment.service.js';
import { type AssignRoleDto, ListAssignmentsDto, type RevokeRoleDto, type UserRoleDto } from './dto/assignment.dto.js';

const ALL: ListAssignmentsDto = Object.assign(new ListAssignmentsDto(), { active_only: false });

/** The roles of one account, as administration sees and changes them. */
@Injectable()
export class UserRoles {
  constructor(
    private readonly assignments: AssignmentService,
    private readonly reader: AssignmentReader,
  ) {}

  list(email: string, query: ListAssignmentsDto): Promise<UserRoleDto[]> {
    return this.reader.ofUser(email, query);
  }

  /** @throws GatewayError 404, 400 that names the field and the rule, 403 for what the caller does not hold */
  async assign(caller: Principal, email: string, wish: AssignRoleDto): Promise<UserRoleDto> {
    const user = await this.reader.user(email);
    const { id } = await this.assignments.assign(caller, {
      userId: user.id,
      role: { id: wish.role_id },
      scope: wish.scope,
      scopeId: scopeIdOf(wish.scope, wish.scope_id),
      expiresAt: endOf(wish.expires_at),
    });
    const assigned = (await this.reader.ofUser(email, ALL)).find((role) => role.id === id);
    // Somebody took it back meanwhile.
    if (!assigned) throw new GatewayError('not_found', 'Role assignment not found');
    return assigned;
  }

  /** @throws GatewayError 404, 400 for what no assignment gives, 403 for what the caller does not hold */
  async revoke(
    caller: Principal,
    email: string,
    roleId: string,
    { scope, scope_id: team }: RevokeRoleDto,
  ): Promise<void> {
    const user = await this.reader.user(email);
    if (scope !== undefined) scopeIdOf(scope, team);
    const scopeId = team ? normaliseId(team) : '';
    const place = { scopeId, ...(scope !== undefined && { scope }) };
    const id = normaliseId(roleId);
    try {
      await this.assignments.revoke(caller, (manager) =>
        manager.findOneBy(RoleAssignment, { userId: user.id, roleId: id, ...place }),
      );
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'not_found') await this.#refuseDerived(email, id, team);
      throw error;
    }
  }

  /** What the settings or a membership give has no assignment to take back. */
  async #refuseDerived(email: string, roleId: string, team: string | undefined): Promise<void> {
    const teamId = team ? normaliseId(team) : null;
    const held = (await this.reader.ofUser(email, ALL)).find(
      (role) => role.role_id === roleId && role.scope_id === teamId && role.granted_at === null,
    );
    if (held?.grant_source === 'default')
      throw new GatewayError(
        'bad_request',
        'This role is not assigned: DEFAULT_USER_ROLE or DEFAULT_ADMIN_ROLE gives it',
      );
    if (held?.grant_source === 'membership')
      throw new GatewayError('bad_request', 'This role is not assigned: it comes with the membership of the team');
  }
}
