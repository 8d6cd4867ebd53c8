import { Transform } from 'class-transformer';
import { ArePassthroughHeaders, globalPassthroughFault, toHeaderNames } from '../passthrough-names.js';

export class SetPassthroughDto {
  /** At most 50 names of letters, digits and hyphens; none that belong to the connection, the protocol or a credential. */
  @Transform(toHeaderNames)
  @ArePassthroughHeaders(globalPassthroughFault)
  passthrough_headers: string[];
}

export class PassthroughConfigDto {
  /** What was set here, or DEFAULT_PASSTHROUGH_HEADERS. */
  passthrough_headers: string[];
  /** ENABLE_HEADER_PASSTHROUGH: while false the list is kept and nothing is passed on. */
  enabled: boolean;
}
