import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ListQueryDto } from '../../../rows/dto/list-query.dto.js';

export class ListToolsQueryDto extends ListQueryDto {
  /** `{"jsonpath": …, "mapping": {name: JSONPath}}`: what of the page is answered, and in which form. */
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  apijsonpath?: string;
}
