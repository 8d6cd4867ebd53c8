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
  maxMebibytes: integer(
    'TOOL_SEARCH_MAX_MEMORY_MB',
    256,
    { min: 1, max: 65_536 },
    'About the memory of all search indexes of a replica, MiB; 1,000 tools take 2 to 4. The index unused for longest goes first.',
  ),
}) {}
