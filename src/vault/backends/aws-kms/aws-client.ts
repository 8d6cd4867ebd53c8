import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { BufferedAnswer, Egress } from '#libs/egress';
import { StoreClient } from '../store-client.js';
import { StoreError } from '../store-error.js';
import { AwsCredentials } from './aws-credentials.js';
import type { AwsSettings } from './aws.settings.js';

/** What of a request of the SDK is sent. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** What a service of AWS answered: the SDK takes it for one of its own. */
type SdkResponse = Pick<BufferedAnswer, 'body'> & { readonly statusCode: number; readonly headers: object };

const NAMES = {
  store: 'AWS',
  address: 'AWS_REGION',
  credential: 'AWS_ACCESS_KEY_ID or AWS_ROLE_ARN',
};

/** What clients of the AWS SDK are made of, so that all they send goes out by the one way, with the credentials of the settings. */
export class AwsClient {
  readonly #http: StoreClient;
  readonly #credentials: AwsCredentials;

  constructor(
    egress: Egress,
    private readonly settings: AwsSettings,
    timeoutMs: number,
  ) {
    this.#http = new StoreClient(egress, timeoutMs, NAMES);
    this.#credentials = new AwsCredentials(this.#http, settings);
  }

  /** @throws StoreError `misconfigured` without a region */
  config(endpoint: string | undefined): KMSClientConfig {
    const { region } = this.settings;
    if (region === undefined)
      throw new StoreError('misconfigured', 'AWS_REGION is required for keys and secrets at AWS');
    const handler = {
      handle: (request: SdkRequest) => this.#handle(request),
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    };
    return {
      region,
      ...(endpoint !== undefined && { endpoint }),
      credentials: () => this.#credentials.get(),
      requestHandler: handler as NonNullable<KMSClientConfig['requestHandler']>,
      // The handler repeats what may be repeated.
      maxAttempts: 1,
      retryMode: 'standard',
      defaultsMode: 'standard',
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    };
  }

  /**
   * The answer to a command.
   * @param subject the setting or reference that names what is asked for
   * @throws StoreError
   */
  async ask<T>(sent: Promise<T>, subject: string): Promise<T> {
    try {
      return await sent;
    } catch (error) {
      throw this.#faultOf(error, subject);
    }
  }

  unreadable(): StoreError {
    return this.#http.unreadable();
  }

  #faultOf(error: unknown, subject: string): StoreError {
    if (error instanceof StoreError) return error;
    const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (/^(ResourceNotFound|NotFound)Exception$/.test(name)) return this.#fault(404, subject);
    if (/^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidSignature)/.test(name))
      return this.#fault(403, subject);
    const status = $metadata?.httpStatusCode ?? 0;
    return status >= 400 ? this.#fault(status, subject) : this.unreadable();
  }

  #fault(status: number, subject: string): StoreError {
    return this.#http.fault(status, subject) ?? this.unreadable();
  }

  async #handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    const { protocol, hostname, port, path, method, headers, body } = request;
    const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
    const call = { url, method: method as 'POST', headers, body: bytesOf(body), subject: 'AWS_REGION' };
    const answer = await this.#http.send(call);
    return { response: { statusCode: answer.status, headers: flat(answer.headers), body: answer.body } };
  }
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || typeof body === 'string') return Buffer.from(body ?? '');
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new StoreError('misconfigured', 'A request of the AWS SDK has a body that is streamed');
}

const flat = (headers: BufferedAnswer['headers']): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
