import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { explain, type ExplainContext, type HeldRole, type Permission, type Principal } from '#libs/policy';
import { In, Repository } from 'typeorm';
import { Team } from '../../teams/team.entity.js';
import { AccessService, type Target } from '../access.service.js';
import { RoleReader } from '../roles/role-reader.js';
import type { ExplanationDto, StepDto } from './dto/explain.dto.js';

export type Verdict = Pick<ExplanationDto, 'granted' | 'reason' | 'steps' | 'needed'>;

/** What a reader may be told of the roles of somebody. */
export type MayName = ExplainContext['mayName'];

/** Says in sentences what the decision function decides, policies included; nothing is written down. */
@Injectable()
export class Explainer {
  constructor(
    private readonly access: AccessService,
    private readonly roles: RoleReader,
    @InjectRepository(Team) private readonly teams: Repository<Team>,
  ) {}

  async verdict(
    principal: Principal,
    action: Permission,
    row: Target | undefined,
    mayName: MayName = () => true,
  ): Promise<Verdict> {
    const [roles, names] = await Promise.all([this.roles.known(), this.#teamNames(principal, row)]);
    const context = { roles, mayName, teamName: (id: string) => names.get(id) ?? id };
    const { decision, steps, needed } = explain(principal, action, row, undefined, context);
    const answer = this.access.decide(principal, action, row);
    return {
      granted: answer.allowed,
      reason: answer.reason,
      steps: [...steps, ...policyStep(decision.allowed, answer.allowed, answer.policies)],
      needed: decision.allowed && !answer.allowed ? ['another policy, which an administrator writes'] : [...needed],
    };
  }

  async #teamNames({ teams, roles }: Principal, row: Target | undefined): Promise<ReadonlyMap<string, string>> {
    const reached = teams.kind === 'teams' ? [...teams.ids] : [];
    const held = roles.map(({ teamId }: HeldRole) => teamId);
    const ids = [...reached, ...held, row?.teamId ?? null].filter((id) => id !== null);
    if (ids.length === 0) return new Map();
    const found = await this.teams.find({ select: { id: true, name: true }, where: { id: In([...new Set(ids)]) } });
    return new Map(found.map(({ id, name }) => [id, name]));
  }
}

/** Policies are asked only about what roles allow. */
function policyStep(byRoles: boolean, allowed: boolean, policies: readonly string[] = []): StepDto[] {
  if (!byRoles) return [];
  if (allowed) return [{ step: 'policies', passed: true, text: 'No policy forbids it.' }];
  const which = policies.length === 0 ? 'The policies could not be asked, so it is denied' : 'A policy forbids it';
  return [{ step: 'policies', passed: false, text: `${[which, ...policies].join(': ')}.` }];
}
