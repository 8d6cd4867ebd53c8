import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { OffsetPageDto } from '../../http/offset-page.dto.js';
import { PolicyVersion } from './policy-version.entity.js';
import { Policy } from './policy.entity.js';
import { ShadowFinding } from './shadow-finding.entity.js';

/** A policy and its latest text. */
export interface WrittenPolicy {
  readonly policy: Policy;
  readonly text: string;
}

export interface Counted<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Reads policies, their versions, and what drafts would have changed. */
@Injectable()
export class PolicyReader {
  constructor(private readonly database: DataSource) {}

  /** Sorted by name. */
  async page({ limit, offset }: OffsetPageDto): Promise<Counted<WrittenPolicy>> {
    const page = { order: { name: 'ASC', id: 'ASC' }, take: limit, skip: offset } as const;
    const [policies, total] = await this.database.manager.findAndCount(Policy, page);
    return { rows: await this.#written(policies), total };
  }

  /** @throws GatewayError `not_found` */
  async get(id: string): Promise<WrittenPolicy> {
    const [written] = await this.#written([await this.find(this.database.manager, id)]);
    if (!written) throw notFound(id);
    return written;
  }

  /** @throws GatewayError `not_found` */
  async find(manager: EntityManager, id: string): Promise<Policy> {
    const policy = await manager.findOneBy(Policy, { id: normaliseId(id) });
    if (!policy) throw notFound(id);
    return policy;
  }

  /** Newest first. @throws GatewayError `not_found` */
  async versions(id: string): Promise<PolicyVersion[]> {
    const { id: policyId } = await this.find(this.database.manager, id);
    return this.database.manager.find(PolicyVersion, { where: { policyId }, order: { version: 'DESC' } });
  }

  /** The most frequent first. @throws GatewayError `not_found` */
  async shadow(id: string, { limit, offset }: OffsetPageDto): Promise<Counted<ShadowFinding>> {
    const { id: policyId } = await this.find(this.database.manager, id);
    const [rows, total] = await this.database.manager.findAndCount(ShadowFinding, {
      where: { policyId },
      order: { occurrences: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return { rows, total };
  }

  async #written(policies: readonly Policy[]): Promise<WrittenPolicy[]> {
    const latest = policies.map(({ id, latestVersion }) => ({ policyId: id, version: latestVersion }));
    if (latest.length === 0) return [];
    const ids = [...new Set(latest.map(({ policyId }) => policyId))];
    const numbers = [...new Set(latest.map(({ version }) => version))];
    const texts = await this.database.manager.findBy(PolicyVersion, { policyId: In(ids), version: In(numbers) });
    const byVersion = new Map(texts.map(({ policyId, version, text }) => [`${policyId} ${version}`, text]));
    return policies.map((policy) => ({ policy, text: byVersion.get(`${policy.id} ${policy.latestVersion}`) ?? '' }));
  }
}

const notFound = (id: string): GatewayError => new GatewayError('not_found', `Policy not found: ${id}`);
