import type { Era, Revision } from '#libs/mcp';

/** What a health check found just now. */
export class GatewayHealthDto {
  reachable: boolean;
  /** Milliseconds until the upstream had said what it is, or until the check gave up. */
  latencyMs: number;
  era: Era;
  revision: Revision;
  /** What went wrong. */
  error?: string;
}
