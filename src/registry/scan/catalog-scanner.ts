import type { Catalogue, JsonObject } from '#libs/mcp';
import type { EntityManager } from 'typeorm';
import type { Survey } from '../gateways/upstream-client.js';

/** What the guardrails let through of a crawl. */
export interface CatalogueScan {
  /** What they refused is among what was skipped. */
  readonly catalogue: Catalogue;
  /** In the transaction that stored it. @returns whether callers are served otherwise, even if no item is another */
  stored(manager: EntityManager): Promise<boolean>;
  /** After the commit. */
  committed(): void;
}

export interface ScannedGateway {
  readonly id: string;
  readonly teamId: string | null;
}

/** What a person wants the gateway to keep. */
export interface ScannedItem {
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly name: string;
  readonly definition: JsonObject;
  readonly teamId: string | null;
}

/** How the registry shows definitions to the guardrails before it stores them; the plugins implement it. */
export abstract class CatalogScanner {
  /**
   * @param by e-mail; undefined where the upstream itself said that it has changed
   * @throws GatewayError `internal_error` when a guardrail failed: half a catalogue must not replace a whole one
   */
  abstract scan(gateway: ScannedGateway, survey: Survey, by: string | undefined): Promise<CatalogueScan>;
  /** @throws GatewayError `validation_failed` for what a guardrail refuses, `internal_error` when one failed */
  abstract demand(item: ScannedItem, by: string): Promise<void>;
  /** What was decided about tools, by their ids; none for those about which nothing was. */
  abstract standings(): Promise<ReadonlyMap<string, string>>;
}
