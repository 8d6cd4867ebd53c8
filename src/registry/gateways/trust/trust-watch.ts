import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { Egress, type PeerTls, type TlsRefusal } from '#libs/egress';
import { prefix } from '../../../audit/arrival-id.js';
import { AuditTrail } from '../../../audit/trail/audit-trail.js';
import { isUniqueViolation } from '../../../database/unique-violation.js';
import { type CatalogGateway, CatalogReader } from '../../catalog/catalog.js';
import { originOf } from '../upstream-url.js';

const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** Writes down each upstream that is not trusted, or that does not trust us: once a minute for each gateway and reason. */
@Injectable()
export class TrustWatch implements OnModuleInit {
  readonly #log = new Logger(TrustWatch.name);
  readonly #written = new LRUCache<string, true>({ max: MOST_REMEMBERED });

  constructor(
    private readonly egress: Egress,
    private readonly catalog: CatalogReader,
    private readonly trail: AuditTrail,
    private readonly database: DataSource,
  ) {}

  onModuleInit(): void {
    this.egress.onUntrusted = (origin, refusal, tls) => void this.#refused(origin, refusal, tls);
  }

  /** Connections are of an origin and a TLS: all gateways that have both are concerned. */
  async #refused(origin: string, refusal: TlsRefusal, tls: PeerTls | undefined): Promise<void> {
    const gateways = [...this.catalog.current.gateways.values()];
    const concerned = gateways.filter(({ target }) => originOf(target.url) === origin && target.tls?.id === tls?.id);
    // One that is being registered or changed, and that its administrator is told of; all of them count as one.
    if (concerned.length === 0) return this.#write({ id: '', name: origin, teamId: null }, origin, refusal);
    await Promise.all(concerned.map((gateway) => this.#write(gateway, origin, refusal)));
  }

  async #write(
    { id, name, teamId }: Pick<CatalogGateway, 'id' | 'name' | 'teamId'>,
    origin: string,
    refusal: TlsRefusal,
  ): Promise<void> {
    const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    // The id of the row: of several replicas one writes it.
    const row = prefix(minute) + createHash('sha256').update(`${id} ${refusal}`).digest('hex').slice(0, 20);
    if (this.#written.has(row)) return;
    this.#written.set(row, true);
    try {
      await this.trail.note(this.database.manager, row, {
        action: `tls_${refusal}`,
        resourceType: 'gateway',
        resourceId: id,
        resourceName: name,
        teamId,
        after: { origin },
      });
    } catch (error) {
      if (isUniqueViolation(error)) return;
      this.#written.delete(row);
      this.#log.error({ message: 'a refusal of TLS was not written down', gatewayId: id, refusal, error });
    }
  }
}
