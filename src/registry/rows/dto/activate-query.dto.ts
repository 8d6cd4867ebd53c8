import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { toBoolean } from '../../../http/to-boolean.js';

export class ActivateQueryDto {
  /** true enables, which is the default; false disables. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  activate: boolean = true;
}
