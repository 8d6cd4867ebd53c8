import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { And, type EntityManager, LessThanOrEqual, Not } from 'typeorm';
import { type Act, AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { CedarPolicies } from './cedar-policies.js';
import { parsePolicy } from './cedar/parse-policy.js';
import type { CreatePolicyDto, UpdatePolicyDto } from './dto/policy-wish.dto.js';
import { PolicyReader } from './policy-reader.js';
import { PolicyVersion } from './policy-version.entity.js';
import { Policy } from './policy.entity.js';
import { ShadowFinding } from './shadow-finding.entity.js';
import { textFault } from './text-fault.js';

/** Policies in all. */
export const MOST_POLICIES = 200;
/** Versions of one policy that are kept, beside the active one. */
const MOST_VERSIONS = 100;

type Change = Partial<Omit<Policy, 'id' | 'revision'>>;

/** Writes policies. What it did is in force here when it returns, and within a second on the other replicas. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly reader: PolicyReader,
    private readonly engine: CedarPolicies,
    private readonly bus: ChangeBus,
    private readonly trail: AuditTrail,
  ) {}

  /** It starts as a draft. @throws GatewayError 422 for a text that is no policy, 409 */
  async create(caller: Principal, { name, description, text }: CreatePolicyDto): Promise<Policy> {
    demandPolicy(text);
    const [id, now, createdBy] = [newId(), new Date(), caller.subject];
    await this.#write(async (manager) => {
      if ((await manager.count(Policy)) >= MOST_POLICIES)
        throw new GatewayError('conflict', `There are ${MOST_POLICIES} policies already, which is the most`);
      const versions = { activeVersion: null, draftVersion: 1, latestVersion: 1 };
      const changed = { modifiedBy: createdBy, createdAt: now, updatedAt: now };
      const policy = { id, name, description: description ?? null, ...versions, createdBy, ...changed };
      await manager.insert(Policy, { ...policy });
      await manager.insert(PolicyVersion, { policyId: id, version: 1, text, createdBy, createdAt: now });
      await this.trail.record(manager, caller, { ...actOn(policy), action: 'create', after: valuesOf(policy) });
    });
    return (await this.reader.get(id)).policy;
  }

  /** Another text becomes the draft; what is in force stays. @throws GatewayError 404, 409, 422 */
  async update(caller: Principal, id: string, wish: UpdatePolicyDto): Promise<Policy> {
    const { name, description, text, revision } = wish;
    const { policy, text: latest } = await this.reader.get(id);
    if (revision !== undefined && revision !== policy.revision) throw changedMeanwhile();
    if (text !== undefined && text !== latest) demandPolicy(text);
    const version = policy.latestVersion + 1;
    return this.#change(caller, policy, 'update', async (manager, now) => {
      const change = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
      if (text === undefined || text === latest) return change;
      const row = { policyId: policy.id, version, text, createdBy: caller.subject, createdAt: now };
      await manager.insert(PolicyVersion, row);
      await forgetOld(manager, policy, version);
      return { ...change, latestVersion: version, draftVersion: version };
    });
  }

  /** @param version the draft, or else the latest, when left out. @throws GatewayError 404, 409, 422 */
  async activate(caller: Principal, id: string, version?: number): Promise<Policy> {
    const { policy } = await this.reader.get(id);
    const wanted = version ?? policy.draftVersion ?? policy.latestVersion;
    return this.#change(caller, policy, 'activate', async (manager) => {
      const chosen = await manager.findOneBy(PolicyVersion, { policyId: policy.id, version: wanted });
      if (!chosen) throw new GatewayError('not_found', `The policy has no version ${wanted}`);
      // What could be said when it was saved may not be any more.
      demandPolicy(chosen.text);
      const isDraft = policy.draftVersion === wanted;
      return { activeVersion: wanted, ...(isDraft && { draftVersion: null }) };
    });
  }

  /** It forbids nothing any more. @throws GatewayError 404, 409 */
  async deactivate(caller: Principal, id: string): Promise<Policy> {
    const { policy } = await this.reader.get(id);
    return this.#change(caller, policy, 'deactivate', async () => ({ activeVersion: null }));
  }

  /** With its versions and findings. @throws GatewayError 404 */
  async delete(caller: Principal, id: string): Promise<void> {
    await this.#write(async (manager) => {
      const policy = await this.reader.find(manager, id);
      const { id: policyId } = policy;
      await manager.delete(ShadowFinding, { policyId });
      await manager.delete(PolicyVersion, { policyId });
      await manager.delete(Policy, { id: policyId });
      await this.trail.record(manager, caller, { ...actOn(policy), action: 'delete', before: valuesOf(policy) });
    });
  }

  async #change(
    caller: Principal,
    policy: Policy,
    action: Act['action'],
    work: (manager: EntityManager, now: Date) => Promise<Change>,
  ): Promise<Policy> {
    const { id, revision } = policy;
    const now = new Date();
    const changed = { modifiedBy: caller.subject, updatedAt: now, revision: revision + 1 };
    await this.#write(async (manager) => {
      // First, so that of two changes made of the same state one fails before it has done anything.
      const { affected } = await manager.update(Policy, { id, revision }, changed);
      if (affected !== 1) throw changedMeanwhile();
      const change = await work(manager, now);
      if (Object.keys(change).length > 0) await manager.update(Policy, { id }, change);
      const [before, after] = [valuesOf(policy), valuesOf(Object.assign(new Policy(), policy, change))];
      await this.trail.record(manager, caller, { ...actOn(policy), action, before, after });
    });
    return (await this.reader.get(id)).policy;
  }

  async #write(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.unit.run(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'A policy of this name exists already');
      throw error;
    }
    this.bus.publish({ kind: 'policies_changed' });
    await this.engine.refreshed();
  }
}

const actOn = ({ id, name }: Pick<Policy, 'id' | 'name'>) =>
  ({ resourceType: 'policy', resourceId: id, resourceName: name }) as const;

/** Of the texts the versions, which keep them. */
const valuesOf = (policy: Omit<Policy, 'revision'>) => ({
  name: policy.name,
  description: policy.description,
  active_version: policy.activeVersion,
  draft_version: policy.draftVersion,
  latest_version: policy.latestVersion,
});

const changedMeanwhile = (): GatewayError =>
  new GatewayError('conflict', 'The policy was changed meanwhile; read it again', 'revision');

function demandPolicy(text: string): void {
  const read = parsePolicy(text);
  if ('faults' in read) throw textFault('text', read.faults);
}

/** What drafts before would have changed is of no use any more, and old texts are not kept for ever. */
async function forgetOld(manager: EntityManager, { id, activeVersion }: Policy, draft: number): Promise<void> {
  await manager.delete(ShadowFinding, { policyId: id });
  const old = LessThanOrEqual(draft - MOST_VERSIONS);
  await manager.delete(PolicyVersion, {
    policyId: id,
    version: activeVersion === null ? old : And(old, Not(activeVersion)),
  });
}
