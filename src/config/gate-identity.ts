import { VERSION } from './version.js';

/** How the gate names itself to upstreams and clients. */
export const GATE_IDENTITY = Object.freeze({ name: 'portcullis', version: VERSION });
