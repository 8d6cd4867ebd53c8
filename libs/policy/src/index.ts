export * from './decide.js';
export * from './decision.js';
export * from './permissions.js';
export * from './principal.js';
export * from './roles.js';
export * from './team-scope.js';
export * from './token-restrictions.js';
export * from './visibility.js';
