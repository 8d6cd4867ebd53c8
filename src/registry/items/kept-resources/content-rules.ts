import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../../http/errors.js';
import { ContentSettings } from '../../content.settings.js';
import { fieldFault } from '../../rows/field-fault.js';
import { digestOf, type KeptContent } from './kept-content.js';

/** A content, and what the row says of it. */
export interface GivenContent {
  readonly bytes: Buffer;
  readonly kept: KeptContent;
}

/** What the content of a kept resource may be. */
@Injectable()
export class ContentRules {
  readonly #allowed: ReadonlySet<string>;

  constructor(private readonly settings: ContentSettings) {
    this.#allowed = new Set(settings.allowedMimeTypes.map(essence));
  }

  /**
   * Undefined when none is given.
   * @throws GatewayError 413 when it is too large, 422 when it is given in both forms
   */
  given({ content, blob }: { readonly content?: string; readonly blob?: string }): GivenContent | undefined {
    if (content !== undefined && blob !== undefined)
      throw fieldFault('blob', 'blob and content exclude each other: base64, or text');
    const form = blob === undefined ? 'text' : 'blob';
    const text = content ?? blob;
    if (text === undefined) return undefined;
    const bytes = Buffer.from(text, form === 'text' ? 'utf8' : 'base64');
    const { maxResourceBytes: most } = this.settings;
    if (bytes.length > most)
      throw new GatewayError('payload_too_large', `content is larger than ${most} bytes (CONTENT_MAX_RESOURCE_SIZE)`);
    return { bytes, kept: { form, bytes: bytes.length, sha256: digestOf(bytes) } };
  }

  /** @throws GatewayError 415 where only listed types are taken, and this is none */
  demandMimeType(mimeType: string): void {
    if (!this.settings.strictMime || this.#allowed.has(essence(mimeType))) return;
    const text = `mimeType ${essence(mimeType)} is not one of CONTENT_ALLOWED_RESOURCE_MIMETYPES`;
    throw new GatewayError('unsupported_media_type', text);
  }
}

const essence = (mimeType: string): string => (mimeType.split(';', 1)[0] ?? '').trim().toLowerCase();
