import { choice, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { TOOL_SEARCHES } from './tool-search.js';

export class ToolSearchSettings extends settings('Tool search', {
  everything: choice(
    'TOOL_SEARCH',
    TOOL_SEARCHES,
    'off',
    'What `tools/list` of `/mcp` and `/rpc` holds: `off` all tools, `always` two to search them with, `auto` these two for callers who see more than `TOOL_SEARCH_THRESHOLD`. Each virtual server says it for itself.',
  ),
  threshold: integer(
    'TOOL_SEARCH_THRESHOLD',
    100,
    { min: 1, max: 100_000 },
    'Most tools of an endpoint that a caller is listed where the search is `auto`.',
  ),
  maxIndexed: integer(
    'TOOL_SEARCH_MAX_INDEXED',
    100_000,
    { min: 1000, max: 10_000_000 },
    'Tools in all search indexes of a replica, about 2.5 KiB of memory each; the index unused for longest goes first.',
  ),
}) {}
