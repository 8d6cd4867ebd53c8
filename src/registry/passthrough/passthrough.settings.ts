import { flag, list } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { globalPassthroughFault } from './passthrough-names.js';

export class PassthroughSettings extends settings('Header passthrough', {
  enabled: flag(
    'ENABLE_HEADER_PASSTHROUGH',
    false,
    'Give upstreams the request headers of callers that their gateway, or `/admin/config/passthrough-headers`, lists. While it is off the lists are kept and nothing is sent.',
  ),
  defaults: list(
    'DEFAULT_PASSTHROUGH_HEADERS',
    [],
    'The headers of gateways without a list of their own, until `/admin/config/passthrough-headers` was set.',
    globalPassthroughFault,
  ),
  overwrite: flag(
    'ENABLE_OVERWRITE_BASE_HEADERS',
    false,
    'Let a listed header of the caller take the place of one that Portcullis sends itself. That can only be `Accept`: credentials and the other headers of the protocol always stay.',
  ),
}) {}
