import { Injectable } from '@nestjs/common';
import { ALL_TEAMS, compileGrants, type HeldRole, type Principal, type TeamScope, UNRESTRICTED } from '#libs/policy';
import type { Target } from '../access.service.js';
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

/** Answers what policies would say. Nothing is stored, counted or written down. */
@Injectable()
export class PolicySimulator {
  constructor(private readonly engine: CedarPolicies) {}

  /** @throws GatewayError 422 for texts that are no policies */
  simulate(wish: SimulatePolicyDto): SimulationDto {
    const question = questionOf(wish);
    const { active, drafts, names } = this.engine.current;
    const tried = typeof wish.policies === 'string' ? new CompiledPolicies(SLOT, policiesIn(wish.policies)) : undefined;
    const asked = (tried ?? active).ask(question);
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

function questionOf({ principal, action, resource, context }: SimulatePolicyDto): Question {
  const { address, server, now } = context ?? {};
  return {
    principal: principalOf(principal),
    action,
    row: resource ? rowOf(resource) : undefined,
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
