import { PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { VISIBILITIES, type Visibility } from '#libs/policy';
import { trimmed } from '../../../http/trimmed.js';
import { ID } from '../../rows/dto/list-query.dto.js';
import { toPlainText, toTags } from '../../rows/dto/transforms.js';
import { isArgumentName } from '../kept-prompts/plain-template.js';

const IsArgumentName = (): PropertyDecorator =>
  ValidateBy({
    name: 'isArgumentName',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isArgumentName(value),
      defaultMessage: () =>
        'name must be 1 to 64 letters, digits, _ or -, begin with a letter or _, and be no member of every object',
    },
  });

export class PromptArgumentWishDto {
  @IsArgumentName()
  name: string;

  @IsOptional()
  @Transform(toPlainText)
  @IsString()
  @MaxLength(1024)
  description?: string;

  /** false when left out. */
  @IsOptional()
  @IsBoolean()
  required?: boolean;
}

/** Only what the size of a body bounds anyway: the exact limit is a setting, in bytes, and a 413. */
const MOST_CHARACTERS = 2_000_000;

export class CreatePromptDto {
  /** The name at `/mcp`; unique within the team, or among the caller's own. */
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

  /** Text with `{{argument}}`, `{{#argument}}shown when given{{/argument}}` and `{{^argument}}shown when not{{/argument}}`. */
  @IsString()
  @MaxLength(MOST_CHARACTERS)
  template: string;

  /** What the template may name. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((argument: Partial<PromptArgumentWishDto> | null) => argument?.name, {
    message: 'arguments must not name one twice',
  })
  @ValidateNested({ each: true })
  @Type(() => PromptArgumentWishDto)
  arguments?: PromptArgumentWishDto[];

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

/** Only what is given changes. Of an upstream's prompt that may be `displayName`, `description` and `tags`. */
export class UpdatePromptDto extends PartialType(CreatePromptDto) {}
