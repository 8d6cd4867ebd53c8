import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export class ContentFilterDto {
  /** A regular expression in the syntax of RE2, in any case. */
  @IsString() @Length(1, 2000) pattern: string;
  @IsString() @MaxLength(10_000) replacement: string;
}

export class ResourceFilterSettings {
  /** Bytes of all contents of a result together. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000_000) max_content_size = 1024 * 1024;
  /** Schemes of URIs; empty allows every one. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(/^[A-Za-z][\w+.-]{0,50}:?$/, { each: true })
  allowed_protocols: string[] = ['file', 'http', 'https'];
  /** With everything below them. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Length(1, 253, { each: true })
  blocked_domains: string[] = [];
  /** Replaced in this order. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ContentFilterDto)
  content_filters: ContentFilterDto[] = [];
}
