import { fieldFault } from '../../rows/field-fault.js';
import type { ItemOfGateway } from '../item.repository.js';
import type { ToolEntity } from '../tool.entity.js';
import { overridesFrom } from '../wished-overrides.js';
import type { UpdateToolDto } from './dto/tool-wish.dto.js';

const OPEN = ['displayName', 'description', 'tags'];
const FOLLOWS = ['visibility', 'teamId'];

/**
 * What can be changed of a tool that belongs to an upstream; it outlasts every refresh.
 * @throws GatewayError 422 for everything else
 */
export function upstreamToolPatch(wish: UpdateToolDto, tool: ItemOfGateway<ToolEntity>): Partial<ToolEntity> {
  const stray = Object.entries(wish).find(([field, value]) => value !== undefined && !OPEN.includes(field))?.[0];
  if (stray !== undefined) {
    const why = FOLLOWS.includes(stray) ? 'follows its gateway: change it there' : 'is what its upstream says';
    throw fieldFault(stray, `${stray} of an upstream's tool ${why}`);
  }
  const { displayName, description, tags = tool.tags } = wish;
  return { tags, overrides: overridesFrom({ displayName, description }, tool.overrides) };
}
