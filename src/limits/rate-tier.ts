/** How strictly a route is limited; RATE_LIMIT_*_PER_MINUTE say how much each is. */
export type RateTier = 'critical' | 'high';

export const RATE_TIER = 'portcullis:rate-tier';
