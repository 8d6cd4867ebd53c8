export * from './field-limits.js';
export * from './field-rules.js';
export * from './markup-fault.js';
export * from './hidden-text-fault.js';
export * from './mail-address.js';
export { MIME_TYPE } from './mime-type-fault.js';
