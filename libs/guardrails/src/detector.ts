import type { Finding } from './finding.js';

/** Looks for one kind of thing in a text. Pure and synchronous, in time linear in the text. */
export interface Detector {
  /**
   * @param text at most as long as the walker's limits let through
   * @param label the member name under which the text stands, where it has one: `password` makes a string suspicious
   * @returns in any order; they may overlap
   */
  find(text: string, label?: string): readonly Finding[];
}
