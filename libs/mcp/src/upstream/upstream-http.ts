import type { Readable } from 'node:stream';
import type { Destination } from '#libs/egress';

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface UpstreamHttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
  readonly headersTimeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface UpstreamHttpAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Has to be read to its end or destroyed, or the connection stays taken. */
  readonly body: Readable;
}

/** The way out as this client needs it; `Egress` is one. It follows no redirect, and it fails with an EgressError. */
export interface UpstreamHttp {
  stream(to: Destination, request: UpstreamHttpRequest): Promise<UpstreamHttpAnswer>;
}

/** A header that came once; one that came several times says nothing certain. */
export function headerText(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
