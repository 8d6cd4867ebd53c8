import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, Length, MaxLength, ValidateNested } from 'class-validator';

export class SearchReplaceDto {
  /** A regular expression in the syntax of RE2. */
  @IsString() @Length(1, 2000) search: string;
  /** With the groups of the search: `\1`, `\g<name>` or `$1`. */
  @IsString() @MaxLength(10_000) replace: string;
}

export class RegexFilterSettings {
  /** Replaced in this order: a rule sees what those before it made. */
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => SearchReplaceDto)
  words: SearchReplaceDto[];
}
