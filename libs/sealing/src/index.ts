export { KeyRing } from './key-ring.js';
export { SealError, type SealReason } from './seal-error.js';
export { SealedHandles } from './sealed-handles.js';
export { Sealer } from './sealer.js';
