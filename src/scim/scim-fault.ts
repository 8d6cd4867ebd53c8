import { type ErrorCode, GatewayError } from '../http/errors.js';

/** RFC 7644, section 3.12, table 9. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

/** An error that says by a word of SCIM what was wrong. */
export class ScimFault extends GatewayError {
  constructor(
    readonly scimType: ScimType,
    detail: string,
    code: ErrorCode = 'bad_request',
  ) {
    super(code, detail, scimType);
  }
}
