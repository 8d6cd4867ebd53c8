import type { Parts } from '../../vault/backends/key-backends.js';
import type { RemoteSigner } from './remote-signer.js';

/**
 * @param reference of a {@link RemoteSigner} that signed before; without one, the newest key that the settings name
 * @throws Error that says why it can't be had
 */
export type RemoteSignerMaker = (parts: Parts, reference?: string) => Promise<RemoteSigner>;

/** Every kind of remote signer. One that brings a large library along imports it in its maker. */
export const REMOTE_SIGNERS: Readonly<Record<string, RemoteSignerMaker>> = {};
