import type { ClientIdentity } from '#libs/mcp';
import { VERSION } from '../config/version.js';

/** How the gate names itself to upstreams and clients. */
export const GATE_IDENTITY: ClientIdentity = Object.freeze({ name: 'portcullis', version: VERSION });
