import { normaliseId } from '../../http/normalise-id.js';
import type { RegistrySettings } from '../registry.settings.js';
import type { ListQueryDto } from './dto/list-query.dto.js';
import { decodeCursor } from '../../http/page-cursor.js';
import type { PageWish } from './registry-page.js';
import { normaliseTags } from './tags.js';

/** @throws GatewayError `bad_request` for a cursor that this gateway did not make */
export function pageWish(query: ListQueryDto, settings: RegistrySettings): PageWish {
  return {
    limit: query.limit ?? settings.defaultPageSize,
    after: query.cursor === undefined ? undefined : decodeCursor(query.cursor),
    tags: query.tags === undefined ? undefined : normaliseTags(query.tags.split(',')),
    visibility: query.visibility,
    teamId: query.team_id === undefined ? undefined : normaliseId(query.team_id),
  };
}
