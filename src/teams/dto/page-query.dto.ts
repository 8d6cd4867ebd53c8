import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { decodeCursor } from '../../http/page-cursor.js';
import { toBoolean } from '../../http/to-boolean.js';
import type { PageWish } from '../page-wish.js';

export class PageQueryDto {
  /** Rows before the page. */
  @ApiPropertyOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  skip: number = 0;

  /** Rows of the page, 1 to 500. */
  @ApiPropertyOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;
}

export class CursorQueryDto extends PageQueryDto {
  /** `nextCursor` of the page before; goes on after it, instead of counting rows. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  cursor?: string;

  /** Answer an object with `nextCursor`. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  include_pagination: boolean = false;
}

/** @throws GatewayError 400 for a cursor that this gateway did not make */
export function pageWish({ skip, limit, cursor }: CursorQueryDto): PageWish {
  return { skip, limit, after: cursor === undefined ? undefined : decodeCursor(cursor) };
}
