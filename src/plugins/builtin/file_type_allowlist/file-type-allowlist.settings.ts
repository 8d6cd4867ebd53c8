import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';

export class FileTypeAllowlistSettings {
  /** Such as `text/plain` or `image/*`; empty allows every type. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @Matches(/^[\w.+-]{1,100}\/(?:\*|[\w.+-]{1,100})$/, { each: true })
  allowed_mime_types: string[] = [];
  /** Of the path of a URI: `.md`; empty allows every one. A path without any says nothing. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @Matches(/^\.?[\w-]{1,20}$/, { each: true })
  allowed_extensions: string[] = [];
}
