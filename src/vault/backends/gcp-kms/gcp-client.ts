import type { Egress } from '#libs/egress';
import type { JsonObject } from '#libs/mcp';
import { HeldToken } from '../held-token.js';
import { memberOf, textOf } from '../member-of.js';
import { StoreClient } from '../store-client.js';
import type { StoreError } from '../store-error.js';
import { crc32c } from './crc32c.js';
import { GcpCredentials } from './gcp-credentials.js';
import type { GcpSettings } from './gcp.settings.js';

export interface GcpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: JsonObject;
  readonly subject: string;
}

/** The REST APIs of Google Cloud. */
export class GcpClient {
  readonly #http: StoreClient;
  readonly #token: HeldToken;

  constructor(egress: Egress, { credentials }: GcpSettings, timeoutMs: number) {
    const credential = 'GOOGLE_APPLICATION_CREDENTIALS';
    const address = 'GCP_KMS_URL and GCP_SECRET_MANAGER_URL';
    this.#http = new StoreClient(egress, timeoutMs, { store: 'Google Cloud', address, credential });
    const source = new GcpCredentials(this.#http, credentials);
    this.#token = new HeldToken(() => source.grant());
  }

  /** @throws StoreError */
  ask({ url, method, body, subject }: GcpCall): Promise<JsonObject> {
    const content = body && { 'content-type': 'application/json' };
    return this.#token.use((token) =>
      this.#http.ask({
        url: new URL(url),
        method,
        headers: { authorization: `Bearer ${token}`, ...content },
        subject,
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  }

  /** The bytes of a member, in base64, that arrived as they were sent. @throws StoreError `invalid_answer` */
  bytes(answer: JsonObject, checksum: string, ...path: readonly string[]): Buffer {
    const bytes = Buffer.from(
      textOf(answer, () => this.unreadable(), ...path),
      'base64',
    );
    const said = memberOf(answer, ...path.slice(0, -1), checksum);
    if (said !== String(crc32c(bytes))) throw this.unreadable();
    return bytes;
  }

  unreadable(): StoreError {
    return this.#http.unreadable();
  }
}
