/**
 * What is asked on the way to a decision.
 * - `token`: the token's own list of permissions
 * - `narrowing`: whether the credential reaches the platform as a whole
 * - `administrator`: the bypass of platform administrators
 * - `roles`: whether any role grants it
 * - `visibility`, `place`, `ownership`: of a row
 * - `binding`: whether the credential is bound to its sender as a virtual server wants it
 */
export type StepName =
  'token' | 'narrowing' | 'administrator' | 'roles' | 'visibility' | 'place' | 'ownership' | 'binding';

export interface Step {
  readonly step: StepName;
  readonly passed: boolean;
  /** One sentence. */
  readonly text: string;
  /** What would let it pass; absent where nothing would. */
  readonly needed?: string;
}

export const passed = (step: StepName, text: string): Step => ({ step, passed: true, text });
export const failed = (step: StepName, text: string, needed?: string): Step => ({
  step,
  passed: false,
  text,
  ...(needed !== undefined && { needed }),
});
