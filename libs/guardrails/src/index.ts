export type { Detector } from './detector.js';
export type { Finding } from './finding.js';
