import type { IncomingMessage } from 'node:http';
import { GatewayError } from './errors.js';

const EMPTY = Buffer.alloc(0);

/**
 * Reads a body whole, up to a limit in bytes.
 * @param setting the setting that moves the limit, for the text of the 413
 */
export function readBody(request: IncomingMessage, limit: number, setting: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): void => {
      request.removeAllListeners('data').pause();
      reject(new GatewayError('payload_too_large', `The body is larger than ${limit} bytes (${setting})`));
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge();
    // What has been read, or has gone away while the caller was looked up, will send no more events.
    if (request.readableEnded || request.destroyed) {
      return reject(new GatewayError('bad_request', 'The body ended early'));
    }
    let first: Buffer = EMPTY;
    let more: Buffer[] | undefined;
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) tooLarge();
      else if (first === EMPTY) first = chunk;
      else (more ??= [first]).push(chunk);
    });
    request.once('end', () => resolve(more ? Buffer.concat(more, size) : first));
    request.once('error', () => reject(new GatewayError('bad_request', 'The body ended early')));
    request.once('close', () => {
      if (!request.complete) reject(new GatewayError('bad_request', 'The body ended early'));
    });
  });
}
