import { type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Answer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { digestOf, type KeptContent, readKeptContent } from '../../registry/items/kept-resources/kept-content.js';
import { ResourceContents } from '../../registry/items/kept-resources/resource-contents.js';
import { rpcError } from '../gate/gate-refusal.js';
import { resultAnswer } from '../gate/opening.js';

/** As the result of a read shows it. */
type Content = { readonly text: string } | { readonly blob: string };

/** Bytes of all contents that are remembered. */
const ROOM = 32 * 1024 * 1024;
// An edit should show soon.
const TTL_MS = 30_000;

/** Reads the resources that the gateway keeps: from the database once, then from memory until they change. */
@Injectable()
export class KeptResources {
  readonly #known = new LRUCache<string, Promise<Content | undefined>>({ maxSize: ROOM });

  constructor(private readonly contents: ResourceContents) {}

  async answer(call: McpCall, item: CatalogItem, context: RequestContext): Promise<Answer> {
    const content = await this.#content(item);
    if (!content) {
      context.failed = 'content_changed';
      const text = 'The resource is being changed; read it again';
      return rpcError(call.id, 200, RPC_CODES.internalError, text, { reason: 'content_changed' });
    }
    const contents = [{ uri: item.upstreamName, mimeType: item.definition['mimeType'], ...content }];
    const cached = { resultType: 'complete', ttlMs: TTL_MS, cacheScope: 'private' };
    return resultAnswer(call, { contents, ...(call.era === 'modern' && cached) });
  }

  #content({ id, kept }: CatalogItem): Promise<Content | undefined> {
    const wanted = readKeptContent(kept);
    if (!wanted) return Promise.resolve(undefined);
    const key = `${id} ${wanted.sha256}`;
    const known = this.#known.get(key);
    if (known) return known;
    const reading = this.#read(id, wanted);
    this.#known.set(key, reading, { size: Math.max(1, wanted.bytes) });
    const forget = (): boolean => this.#known.delete(key);
    reading.then((content) => content ?? forget(), forget);
    return reading;
  }

  /** Undefined when there is another content now: it may be another's to see than what was decided about. */
  async #read(id: string, { form, sha256 }: KeptContent): Promise<Content | undefined> {
    const bytes = await this.contents.read(id);
    if (digestOf(bytes) !== sha256) return undefined;
    return form === 'blob' ? { blob: bytes.toString('base64') } : { text: bytes.toString('utf8') };
  }
}
