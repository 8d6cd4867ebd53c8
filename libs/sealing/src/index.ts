export { KeyRing } from './key-ring.js';
export { SealError, type SealReason } from './seal-error.js';
export { SealedHandles } from './sealed-handles.js';
export { sealedWith, Sealer } from './sealer.js';
