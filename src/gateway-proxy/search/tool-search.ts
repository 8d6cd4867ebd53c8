import type { McpCall } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import { FIND_TOOLS, SEARCH_TOOL_NAMES } from '../../registry/servers/tool-search.js';
import { textMember } from '../../registry/items/definition.js';
import { ToolLimits } from '../federation/tool-limits.js';
import { ToolUse } from '../federation/tool-use.js';
import type { GateRequest } from '../gate/gate.service.js';
import { ListPages, type SeenTools } from '../gate/list-pages.js';
import { toolAnswer } from '../gate/opening.js';
import { errorResult } from '../kept/rest-result.js';
import { ArgumentsFault, describeArguments, findArguments } from './search-arguments.js';
import { ToolIndexes } from './tool-indexes.js';

/** Characters of a description that a match shows. */
const SHORT = 240;

/** Answers `find_tools` and `describe_tools` from what `tools/list` would hold for the caller, and nothing else. */
@Injectable()
export class ToolSearch {
  constructor(
    private readonly lists: ListPages,
    private readonly indexes: ToolIndexes,
    private readonly limits: ToolLimits,
  ) {}

  /** Also where the list of this caller is short enough to be whole: it may have been longer a moment ago. */
  takes({ method, targetName = '' }: McpCall, { toolSearch }: ServerView): boolean {
    return toolSearch !== 'off' && method === 'tools/call' && SEARCH_TOOL_NAMES.has(targetName);
  }

  /** The caller may list tools; that has been decided. */
  async answer(call: McpCall, { view, context }: GateRequest, principal: Principal): Promise<Answer> {
    const use = this.limits.enter(call, String(call.targetName), context);
    if (!(use instanceof ToolUse)) return use;
    try {
      const seen = this.lists.tools({ view, principal, origin: context });
      const found = call.targetName === FIND_TOOLS ? await this.#find(call, seen) : described(call, seen);
      return toolAnswer(call, {
        content: [{ type: 'text', text: JSON.stringify(found) }],
        structuredContent: found,
      });
    } catch (error) {
      if (!(error instanceof ArgumentsFault)) throw error;
      context.failed = 'invalid_arguments';
      return toolAnswer(call, errorResult(`The call was not made: ${error.message}`));
    } finally {
      use.leave();
    }
  }

  async #find(call: McpCall, seen: SeenTools) {
    const { query, limit } = findArguments(call);
    const index = await this.indexes.of(seen);
    const tools = index.find(query, limit).map(({ tool: { name, definition }, score }) => {
      const [title, description] = [textMember(definition, 'title'), textMember(definition, 'description')];
      return { name, ...(title && { title }), ...(description && { description: shortened(description) }), score };
    });
    return { tools };
  }
}

/** A hidden tool is as unknown as one that is not there. */
function described(call: McpCall, { rows }: SeenTools) {
  const names = describeArguments(call);
  const byName = new Map(rows.map(({ name, definition }) => [name, definition]));
  return {
    tools: names.flatMap((name) => byName.get(name) ?? []),
    unknown: names.filter((name) => !byName.has(name)),
  };
}

const shortened = (text: string): string =>
  text.length <= SHORT ? text : `${Array.from(text.slice(0, SHORT)).slice(0, -1).join('')}…`;
