import { PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsArray, IsBase64, IsEmpty, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { VISIBILITIES, type Visibility } from '#libs/policy';
import { trimmed } from '../../../http/trimmed.js';
import { ID } from '../../rows/dto/list-query.dto.js';
import { toPlainText, toTags } from '../../rows/dto/transforms.js';
import { MIME_TYPE } from './mime-type.js';
import { IsResourceUri } from './resource-uri.js';

/** Only what the size of a body bounds anyway: the exact limit is a setting, in bytes, and a 413. */
const MOST_CHARACTERS = 2_000_000;

export class CreateResourceDto {
  /** With a scheme; unique within the team, or among the caller's own. */
  @IsResourceUri()
  uri: string;

  @Transform(trimmed)
  @Matches(/^[a-zA-Z0-9_.\- ]{1,255}$/, { message: 'name must be 1 to 255 letters, digits, spaces, _ . or -' })
  name: string;

  /** A name for people. */
  @IsOptional()
  @Transform(toPlainText)
  @IsString()
  @MaxLength(255)
  displayName?: string;

  @IsOptional()
  @Transform(toPlainText)
  @IsString()
  @MaxLength(8192)
  description?: string;

  /** `text/plain` when left out, or `application/octet-stream` of what is given as `blob`. */
  @IsOptional()
  @MaxLength(255)
  @Matches(MIME_TYPE, { message: 'mimeType must be a MIME type such as text/markdown' })
  mimeType?: string;

  /** The content as text; either this or `blob`. */
  @IsOptional()
  @IsString()
  @MaxLength(MOST_CHARACTERS)
  content?: string;

  /** The content as base64. */
  @IsOptional()
  @IsBase64()
  @MaxLength(MOST_CHARACTERS)
  blob?: string;

  /** Only upstreams have templates: a template that is kept here would have nothing to answer with. */
  @IsEmpty({ message: 'uriTemplate: a resource that is kept here has one URI; templates come from upstreams' })
  uriTemplate?: string;

  /** Lower-case words of 2 to 50 characters; others are dropped. */
  @IsOptional()
  @Transform(toTags)
  @IsArray()
  tags?: string[];

  /** `public` when left out, or `team` where there is a `teamId`. */
  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  @IsOptional()
  @Matches(ID)
  teamId?: string;
}

/** Only what is given changes. Of an upstream's resource that may be `displayName`, `description` and `tags`. */
export class UpdateResourceDto extends PartialType(CreateResourceDto) {}
