import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { toBoolean } from '../../../http/to-boolean.js';
import { TAGGED_KINDS, type TaggedKind } from '../tagged-kinds.js';

/** Words separated by commas. */
const toWords = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && value.length <= 200 ? value.split(',').map((word) => word.trim().toLowerCase()) : value;

export class TagQueryDto {
  /** Separated by commas: tools, resources, prompts, servers, gateways; all of them when left out. */
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @Transform(toWords)
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(TAGGED_KINDS, { each: true })
  entity_types?: TaggedKind[];
}

export class TagListQueryDto extends TagQueryDto {
  /** Name what carries each tag, the newest hundred. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  include_entities: boolean = false;
}
