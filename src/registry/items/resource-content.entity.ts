import { Entity, ForeignKey } from 'typeorm';
import { IdColumn, LongTextColumn, NumberKeyColumn } from '../../database/columns.js';
import { ResourceEntity } from './resource.entity.js';

/** A part of the content of a resource that the gateway keeps; a column of every engine is smaller than the content may be. */
@Entity('resource_content_parts')
export class ResourceContentPart {
  @IdColumn('resource_id')
  @ForeignKey(() => ResourceEntity, {
    onDelete: 'CASCADE',
    onUpdate: 'NO ACTION',
    name: 'fk_resource_content_parts_resource',
  })
  resourceId: string;

  /** From 0. */
  @NumberKeyColumn('part')
  part: number;

  /** Base64 of at most 45,000 bytes. */
  @LongTextColumn('content')
  content: string;
}
