import { type FieldLimits, STANDARD_LIMITS } from '#libs/fields';
import { integer, list } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

const { nameLength, descriptionLength, templateLength, contentLength, urlLength, methodLength, jsonDepth } =
  STANDARD_LIMITS;
const SCHEMES = ['http', 'https'];

/** The largest values are what the columns hold: 65,535 bytes of text, of which a character takes up to three. */
export class ValidationSettings
  extends settings('Input', {
    nameLength: integer(
      'VALIDATION_MAX_NAME_LENGTH',
      nameLength,
      { min: 16, max: 255 },
      'Longest name, and other text of one line, characters. Some fields have less.',
    ),
    descriptionLength: integer(
      'VALIDATION_MAX_DESCRIPTION_LENGTH',
      descriptionLength,
      { min: 64, max: 20_000 },
      'Longest description, of what is registered as of what an upstream lists, characters.',
    ),
    templateLength: integer(
      'VALIDATION_MAX_TEMPLATE_LENGTH',
      templateLength,
      { min: 64, max: 65_536 },
      'Longest template of a prompt, characters.',
    ),
    contentLength: integer(
      'VALIDATION_MAX_CONTENT_LENGTH',
      contentLength,
      { min: 64, max: 64 * 1_048_576 },
      'Longest content of a resource that the gateway keeps, characters.',
    ),
    urlLength: integer(
      'VALIDATION_MAX_URL_LENGTH',
      urlLength,
      { min: 64, max: 2048 },
      'Longest URL, URI and URI template, characters.',
    ),
    methodLength: integer(
      'VALIDATION_MAX_METHOD_LENGTH',
      methodLength,
      { min: 64, max: 128 },
      'Longest name of a method of a JSON-RPC message, characters.',
    ),
    rpcParamBytes: integer(
      'VALIDATION_MAX_RPC_PARAM_SIZE',
      262_144,
      { min: 1024, max: 64 * 1_048_576 },
      'Largest `params` of a JSON-RPC message, bytes; MCP_MAX_BODY_BYTES bounds the whole.',
    ),
    jsonDepth: integer(
      'VALIDATION_MAX_JSON_DEPTH',
      jsonDepth,
      { min: 5, max: 200 },
      'Deepest nesting of a body, and of what an upstream lists.',
      { aliases: ['MAX_JSON_DEPTH'] },
    ),
    urlSchemes: list(
      'VALIDATION_ALLOWED_URL_SCHEMES',
      STANDARD_LIMITS.urlSchemes,
      'Schemes of the addresses that may be registered: `https` alone, or `http` too.',
      (item) => (SCHEMES.includes(item) ? undefined : `is none of ${SCHEMES.join(', ')}`),
    ),
    mimeTypes: list(
      'VALIDATION_ALLOWED_MIME_TYPES',
      STANDARD_LIMITS.mimeTypes,
      'MIME types of resources, kept here or listed by an upstream; `*` stands for any characters.',
      (item) => (/^[a-z0-9!#$&^_.+*/-]{1,255}$/i.test(item) ? undefined : 'is not a MIME type, with * or without'),
    ),
  })
  implements FieldLimits {}
