import { PartialType } from '@nestjs/swagger';
import { IsBase64, IsEmpty, IsOptional, MaxLength } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { KeptWishDto } from '../../rows/dto/row-wish.dto.js';

/** Only what the size of a body bounds anyway: the exact limit is a setting, in bytes, and a 413. */
const MOST_CHARACTERS = 2_000_000;

export class CreateResourceDto extends KeptWishDto {
  /** With a scheme; unique within the team, or among the caller's own. */
  @Field('uri')
  uri: string;

  @Field('name')
  name: string;

  /** A name for people. */
  @IsOptional()
  @Field('text', { most: 255 })
  displayName?: string;

  @IsOptional()
  @Field('text')
  description?: string;

  /** `text/plain` when left out, or `application/octet-stream` of what is given as `blob`. */
  @IsOptional()
  @Field('mimeType')
  mimeType?: string;

  /** The content as text; either this or `blob`. */
  @IsOptional()
  @Field('content')
  content?: string;

  /** The content as base64. */
  @IsOptional()
  @IsBase64()
  @MaxLength(MOST_CHARACTERS)
  blob?: string;

  /** Only upstreams have templates: a template that is kept here would have nothing to answer with. */
  @IsEmpty({ message: 'uriTemplate: a resource that is kept here has one URI; templates come from upstreams' })
  uriTemplate?: string;
}

/** Only what is given changes. Of an upstream's resource that may be `displayName`, `description` and `tags`. */
export class UpdateResourceDto extends PartialType(CreateResourceDto) {}
