import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PolicyVersion } from './policy-version.entity.js';
import { Policy } from './policy.entity.js';

/** A text that is in force, or runs in shadow. */
export interface StoredText {
  readonly policyId: string;
  readonly name: string;
  readonly version: number;
  readonly active: boolean;
  readonly text: string;
}

interface Joined extends Pick<StoredText, 'policyId' | 'name' | 'text'> {
  readonly version: number | string;
  readonly activeVersion: number | string | null;
  readonly draftVersion: number | string | null;
}

/** Where the policies of now are read. */
export abstract class PolicySource {
  /** Active texts and drafts, in the order of the ids of their policies. */
  abstract load(): Promise<StoredText[]>;
}

@Injectable()
export class PolicyStore extends PolicySource {
  constructor(private readonly database: DataSource) {
    super();
  }

  /** In one statement: a policy that is being activated is found either before or after. */
  async load(): Promise<StoredText[]> {
    const rows = await this.database.manager
      .createQueryBuilder(Policy, 'policy')
      .innerJoin(
        PolicyVersion,
        'version',
        'version.policyId = policy.id AND version.version IN (policy.activeVersion, policy.draftVersion)',
      )
      .select('policy.id', 'policyId')
      .addSelect('policy.name', 'name')
      .addSelect('policy.activeVersion', 'activeVersion')
      .addSelect('policy.draftVersion', 'draftVersion')
      .addSelect('version.version', 'version')
      .addSelect('version.text', 'text')
      .orderBy('policy.id')
      .getRawMany<Joined>();
    return rows.flatMap(({ activeVersion, draftVersion, version, ...row }) =>
      [
        { at: activeVersion, active: true },
        { at: draftVersion, active: false },
      ]
        .filter(({ at }) => at !== null && Number(at) === Number(version))
        .map(({ active }) => ({ ...row, version: Number(version), active })),
    );
  }
}
