import { choice, optional } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';

/** The algorithms of a pair whose private half a store keeps. */
export const REMOTE_ALGORITHMS = ['ES256', 'ES384', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;
export type RemoteAlgorithm = (typeof REMOTE_ALGORITHMS)[number];

export class RemoteKeySettings extends settings('A signing key in a store', {
  key: optional(
    'JWT_REMOTE_KEY',
    'The key that signs tokens in its store: the name of a transit key or of a key of the Azure vault, the ARN or id of a KMS key, or a version of a Google Cloud key (projects/…/cryptoKeyVersions/…).',
  ),
  algorithm: choice('JWT_REMOTE_ALGORITHM', REMOTE_ALGORITHMS, 'ES256', 'The algorithm that this key is for.'),
}) {}
