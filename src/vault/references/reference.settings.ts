import { isAbsolute } from 'node:path';
import { integer, list, optional } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { isReference, parseReference } from './parse-reference.js';

export class ReferenceSettings extends settings('References to secrets', {
  allowed: list(
    'SECRET_REFERENCES_ALLOWED',
    [],
    'What references in the credentials of upstreams may begin with: `vault://kv/gateways/`, `aws-sm://prod/`, `env://`. Without an entry there are none.',
    (prefix) => (isReference(prefix) ? undefined : 'does not begin with the scheme of a reference'),
  ),
  cacheSeconds: integer(
    'SECRET_REFERENCES_CACHE_SECONDS',
    300,
    { min: 2, max: 86_400 },
    'How long a secret that was read is used before it is read again, seconds.',
  ),
  staleSeconds: integer(
    'SECRET_REFERENCES_STALE_SECONDS',
    900,
    { min: 0, max: 86_400 },
    'How much longer it is used while its store does not answer, seconds; then calls that need it fail.',
  ),
  variables: list(
    'SECRET_REFERENCES_ENVIRONMENT',
    [],
    'Names of the environment variables that `env://NAME` may read; none of the gateway’s own settings belongs here.',
    (name) => (parseReference(`env://${name}`) ? undefined : 'is not the name of a variable'),
  ),
  folder: optional(
    'SECRET_REFERENCES_FOLDER',
    'The folder of the files that `file:///name` may read, such as one where Kubernetes mounts secrets.',
    { check: isAbsolute, rule: 'must be an absolute path' },
  ),
}) {}
