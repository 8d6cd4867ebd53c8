import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { KeyObject } from 'node:crypto';
import { Repository } from 'typeorm';
import { type Actor, AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { keyFault } from './jwt-algorithm.js';
import { JwtKey } from './jwt-key.js';
import { JwtSettings } from './jwt.settings.js';
import { newSigningKey } from './new-signing-key.js';
import { RemoteKeys } from './remote-keys.js';
import { SigningKeyRow } from './signing-key.entity.js';
import { placeOf } from './stored-keys.js';

type Material = Omit<SigningKeyRow, 'id' | 'generation' | 'createdAt' | 'signsFrom'>;

/** Makes the next key of tokens. It is published at once, and signs JWT_KEY_LEAD_SECONDS later. */
@Injectable()
export class RotateSigningKeys {
  constructor(
    @InjectRepository(SigningKeyRow) private readonly rows: Repository<SigningKeyRow>,
    private readonly units: UnitOfWork,
    private readonly vault: SecretSealer,
    private readonly remote: RemoteKeys,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly settings: JwtSettings,
  ) {}

  /** @throws GatewayError `conflict` when another was just made, or the remote one is in use; `keys_unavailable` */
  async rotate(by: Actor): Promise<SigningKeyRow> {
    const { signer, leadSeconds } = this.settings;
    const id = newId();
    const material = await (signer === 'local' ? this.#made(id) : this.#remote(signer));
    if (await this.rows.existsBy({ kid: material.kid }))
      throw new GatewayError('conflict', 'The newest key there signs already: make a newer version of it first');
    const [newest] = await this.rows.find({ order: { generation: 'DESC' }, take: 1 });
    const now = Date.now();
    // Never before the one that it follows.
    const signsFrom = new Date(Math.max(now + leadSeconds * 1000, newest?.signsFrom.getTime() ?? 0));
    const row = { ...material, id, generation: (newest?.generation ?? 0) + 1, createdAt: new Date(now), signsFrom };
    await this.#store(row, by);
    this.changes.publish({ kind: 'signing_keys_changed' });
    return row;
  }

  async #store(row: SigningKeyRow, by: Actor): Promise<void> {
    const { kid, algorithm, signsFrom } = row;
    try {
      await this.units.run(async (manager) => {
        await manager.insert(SigningKeyRow, row);
        await this.trail.record(manager, by, {
          action: 'create',
          resourceType: 'configuration',
          resourceId: row.id,
          resourceName: 'jwt_key',
          after: { kid, algorithm, signs_from: signsFrom.toISOString() },
        });
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'Another key of tokens has just been made');
      throw error;
    }
  }

  async #made(id: string): Promise<Material> {
    const { algorithm } = this.settings;
    const { verifying, privateText } = await newSigningKey(algorithm);
    const privateKey = await this.vault.seal(privateText, placeOf(id));
    const { kid } = new JwtKey(algorithm, verifying);
    const publicKey = verifying.type === 'secret' ? null : pemOf(verifying);
    return { kid, algorithm, publicKey, privateKey, signer: null, reference: null };
  }

  async #remote(name: string): Promise<Material> {
    const { algorithm, publicKey: key, reference } = await this.remote.newest(name);
    const fault = keyFault(algorithm, key);
    if (fault !== undefined) throw new GatewayError('conflict', `JWT_SIGNER ${fault}`);
    const { kid } = new JwtKey(algorithm, key);
    return { kid, algorithm, publicKey: pemOf(key), privateKey: null, signer: name, reference };
  }
}

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString();
