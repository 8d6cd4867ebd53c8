import { Entity, ForeignKey, Index } from 'typeorm';
import { IdColumn } from '../../database/columns.js';
import { PromptEntity } from '../items/prompt.entity.js';
import { ResourceEntity } from '../items/resource.entity.js';
import { ToolEntity } from '../items/tool.entity.js';
import { ServerEntity } from './server.entity.js';

const CASCADE = { onDelete: 'CASCADE', onUpdate: 'NO ACTION' } as const;

@Entity('server_tool_association')
@Index('ix_server_tool_association_tool', ['itemId'])
export class ServerTool {
  @IdColumn('server_id')
  @ForeignKey(() => ServerEntity, { ...CASCADE, name: 'fk_server_tool_association_server' })
  serverId: string;

  @IdColumn('tool_id')
  @ForeignKey(() => ToolEntity, { ...CASCADE, name: 'fk_server_tool_association_tool' })
  itemId: string;
}

@Entity('server_resource_association')
@Index('ix_server_resource_association_resource', ['itemId'])
export class ServerResource {
  @IdColumn('server_id')
  @ForeignKey(() => ServerEntity, { ...CASCADE, name: 'fk_server_resource_association_server' })
  serverId: string;

  @IdColumn('resource_id')
  @ForeignKey(() => ResourceEntity, { ...CASCADE, name: 'fk_server_resource_association_resource' })
  itemId: string;
}

@Entity('server_prompt_association')
@Index('ix_server_prompt_association_prompt', ['itemId'])
export class ServerPrompt {
  @IdColumn('server_id')
  @ForeignKey(() => ServerEntity, { ...CASCADE, name: 'fk_server_prompt_association_server' })
  serverId: string;

  @IdColumn('prompt_id')
  @ForeignKey(() => PromptEntity, { ...CASCADE, name: 'fk_server_prompt_association_prompt' })
  itemId: string;
}
