import { normaliseId } from '../../http/normalise-id.js';
import type { RegistrySettings } from '../registry.settings.js';
import { type ListQueryDto, MOST_ROWS } from './dto/list-query.dto.js';
import { decodeCursor } from '../../http/page-cursor.js';
import type { ListWish } from './registry-page.js';
import { normaliseTags } from './tags.js';

/** @throws GatewayError `bad_request` for a cursor that this gateway did not make */
export function pageWish(query: ListQueryDto, settings: RegistrySettings): ListWish {
  return {
    limit: query.limit === 0 ? MOST_ROWS : (query.limit ?? settings.defaultPageSize),
    after: query.cursor === undefined ? undefined : decodeCursor(query.cursor),
    tags: query.tags === undefined ? undefined : normaliseTags(query.tags.split(',')),
    visibility: query.visibility,
    teamId: query.team_id === undefined ? undefined : normaliseId(query.team_id),
    gatewayId: query.gateway_id === undefined ? undefined : normaliseId(query.gateway_id),
    includeInactive: query.include_inactive,
  };
}
