import { MIME_TYPE } from '#libs/fields';
import { flag, integer, list } from '../config/setting.js';
import { settings } from '../config/settings.js';

const MEBIBYTE = 1024 * 1024;

export class ContentSettings extends settings('Kept content', {
  maxResourceBytes: integer(
    'CONTENT_MAX_RESOURCE_SIZE',
    102_400,
    { min: 1024, max: MEBIBYTE },
    'Largest content of a resource that the gateway keeps, bytes; a larger one is 413. MAX_BODY_BYTES must leave room for it, as base64 a third more.',
  ),
  maxTemplateBytes: integer(
    'CONTENT_MAX_PROMPT_SIZE',
    10_240,
    { min: 256, max: 50_000 },
    'Largest template of a prompt that the gateway keeps, bytes; a larger one is 413.',
  ),
  maxRenderedBytes: integer(
    'PROMPT_MAX_RENDERED_BYTES',
    262_144,
    { min: 1024, max: 4 * MEBIBYTE },
    'Largest text that a prompt of the gateway may become with its arguments, bytes. It is worked out before anything is rendered.',
  ),
  strictMime: flag(
    'CONTENT_STRICT_MIME_VALIDATION',
    false,
    'Refuse resources of a MIME type that CONTENT_ALLOWED_RESOURCE_MIMETYPES does not list (415).',
  ),
  allowedMimeTypes: list(
    'CONTENT_ALLOWED_RESOURCE_MIMETYPES',
    [
      'text/plain',
      'text/markdown',
      'text/csv',
      'text/html',
      'application/json',
      'application/xml',
      'application/yaml',
      'application/pdf',
      'application/octet-stream',
      'image/png',
      'image/jpeg',
      'image/gif',
      'image/webp',
    ],
    'The MIME types that resources may have where CONTENT_STRICT_MIME_VALIDATION is on; parameters such as `charset` do not count.',
    (item) => (MIME_TYPE.test(item) ? undefined : 'is not a MIME type'),
  ),
}) {}
