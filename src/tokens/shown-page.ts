import type { TokenPage } from './api-token-reader.js';
import type { ListApiTokensDto } from './dto/list-api-tokens.dto.js';
import type { ApiTokenListDto } from './dto/shown-api-token.dto.js';
import { shownToken } from './shown-token.js';

export function shownPage([records, total]: TokenPage, { limit, offset }: ListApiTokensDto): ApiTokenListDto {
  return { tokens: records.map(shownToken), total, limit, offset };
}
