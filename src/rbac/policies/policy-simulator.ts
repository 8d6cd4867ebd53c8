import { Injectable } from '@nestjs/common';
import {
  categoryOf,
  ALL_TEAMS,
  compileGrants,
  type HeldRole,
  type Principal,
  type Reason,
  type TeamScope,
  UNRESTRICTED,
} from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { AccessService, type Target } from '../access.service.js';
import { Principals } from '../explain/principals.js';
import { RESOURCE_TYPES, RowDirectory } from '../explain/row-directory.js';
import { CedarPolicies } from './cedar-policies.js';
import { CompiledPolicies } from './cedar/compiled-policies.js';
import { parsePolicies, splitPolicies } from './cedar/parse-policy.js';
import type { NamedPolicy } from './cedar/policy-set.js';
import type { Question } from './cedar/question.js';
import { refusalOf } from './cedar/refusal-of.js';
import type {
  AskedPolicyDto,
  SimulatedPrincipalDto,
  SimulatedResourceDto,
  SimulatePolicyDto,
  SimulationDto,
} from './dto/simulation.dto.js';
import { textFault } from './text-fault.js';

const SLOT = 'simulated policies';
const MOST_TRIED = 20;

/** Answers what would be decided. Nothing is stored, counted or written down. */
@Injectable()
export class PolicySimulator {
  constructor(
    private readonly engine: CedarPolicies,
    private readonly access: AccessService,
    private readonly principals: Principals,
    private readonly rows: RowDirectory,
  ) {}

  /** @throws GatewayError 422 for texts that are no policies, 404 for an account or row that there is not */
  async simulate(wish: SimulatePolicyDto): Promise<SimulationDto> {
    const tried = typeof wish.policies === 'string' ? policiesIn(wish.policies) : undefined;
    const account = wish.principal.user_email;
    const principal = typeof account === 'string' ? await this.#signedIn(account) : principalOf(wish.principal);
    const question = questionOf(wish, principal, await this.#row(wish));
    const byRoles = typeof account === 'string' ? this.#refusedByRoles(question) : undefined;
    return byRoles ? { allowed: false, reason: byRoles, policies: [], shadow: [] } : this.#byPolicies(question, tried);
  }

  #byPolicies(question: Question, tried: readonly NamedPolicy[] | undefined): SimulationDto {
    const { active, drafts, names } = this.engine.current;
    const asked = (tried ? new CompiledPolicies(SLOT, tried) : active).ask(question);
    const refusal = asked && refusalOf(asked);
    const shadow = drafts.ask(question);
    const named = (kind: string) => (id: string) => {
      const stored = names.get(`${id} ${kind}`);
      return { id, name: stored?.name ?? null, version: stored?.version ?? null };
    };
    const sent = (id: string): AskedPolicyDto => ({ id, name: null, version: null });
    return {
      allowed: refusal === undefined,
      reason: refusal?.reason ?? 'granted',
      policies: (refusal?.policies ?? []).map(tried ? sent : named('active')),
      shadow: [...(shadow?.forbidding ?? []), ...(shadow?.failing ?? [])].map(named('draft')),
    };
  }

  /** Policies are asked last: who is refused by one is allowed by the roles. */
  #refusedByRoles({ principal, action, row, ...at }: Question): Reason | undefined {
    const { allowed, reason, policies } = this.access.decide(principal, action, row, {
      ...(at.origin && { origin: at.origin }),
      arguments: at.arguments,
    });
    return allowed || policies ? undefined : reason;
  }

  async #signedIn(email: string): Promise<Principal> {
    try {
      return await this.principals.signedIn(email);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'user_not_found')
        throw new GatewayError('not_found', 'principal.user_email: User not found');
      throw error;
    }
  }

  async #row({ action, resource, resource_id: id }: SimulatePolicyDto): Promise<Target | undefined> {
    if (typeof id !== 'string') return resource ? rowOf(resource) : undefined;
    const category = categoryOf(action);
    const type = RESOURCE_TYPES.find((known) => known === category);
    const row = type && (await this.rows.find(type, id));
    if (!row) throw new GatewayError('not_found', `resource_id: There is no such row of ${category}`);
    return row;
  }
}

function policiesIn(text: string): NamedPolicy[] {
  const texts = splitPolicies(text);
  if ('faults' in texts) throw textFault('policies', texts.faults);
  if (texts.length > MOST_TRIED) throw textFault('policies', [`Send ${MOST_TRIED} policies at most`]);
  return parsePolicies(texts).map((policy, index) => {
    const id = String(index + 1);
    if (!('faults' in policy)) return { id, policy };
    const faults = policy.faults.map((fault) => `policy ${id}: ${fault}`);
    throw textFault('policies', faults);
  });
}

function questionOf({ action, context }: SimulatePolicyDto, principal: Principal, row: Target | undefined): Question {
  const { address, server, now } = context ?? {};
  return {
    principal,
    action,
    row,
    origin: {
      clientAddress: address ?? '',
      userAgent: '',
      correlationId: '',
      serverId: server ?? undefined,
    },
    arguments: context?.arguments,
    now: now?.getTime() ?? Date.now(),
  };
}

function principalOf({ email, kind, admin, narrowed, token, teams, roles }: SimulatedPrincipalDto): Principal {
  const ids = new Set(teams);
  const scope: TeamScope = admin && !narrowed ? ALL_TEAMS : { kind: 'teams', ids, narrowed };
  return Object.freeze({
    kind,
    subject: email,
    userId: null,
    isAdmin: admin,
    teams: scope,
    roles: roles.map(heldRole),
    grants: compileGrants(
      [],
      teams.map((id) => ({ id, owner: false, personal: false })),
    ),
    ownedTeams: new Set<string>(),
    tokenId: token ?? null,
    restrictions: UNRESTRICTED,
    expiresAt: Infinity,
  });
}

const heldRole = (name: string): HeldRole => ({
  name,
  scope: 'global',
  teamId: null,
  source: 'manual',
  permissions: new Set(),
});

const rowOf = (resource: SimulatedResourceDto): Target => ({
  id: resource.id,
  name: resource.name,
  visibility: resource.visibility,
  ownerEmail: resource.owner_email ?? null,
  teamId: resource.team_id ?? null,
  gatewayId: resource.gateway_id ?? null,
  tags: resource.tags,
  annotations: resource.annotations ?? null,
});
