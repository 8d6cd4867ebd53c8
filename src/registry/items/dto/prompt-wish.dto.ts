import { PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { KeptWishDto } from '../../rows/dto/row-wish.dto.js';
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
  @Field('text', { most: 1024 })
  description?: string;

  /** false when left out. */
  @IsOptional()
  @IsBoolean()
  required?: boolean;
}

export class CreatePromptDto extends KeptWishDto {
  /** The name at `/mcp`; unique within the team, or among the caller's own. */
  @Field('name')
  name: string;

  /** A name for people. */
  @IsOptional()
  @Field('text', { most: 255 })
  displayName?: string;

  @IsOptional()
  @Field('text')
  description?: string;

  /** CONTENT_MAX_PROMPT_SIZE bounds it too. Text with `{{argument}}`, `{{#argument}}shown when given{{/argument}}` and `{{^argument}}shown when not{{/argument}}`. */
  @Field('template')
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
}

/** Only what is given changes. Of an upstream's prompt that may be `displayName`, `description` and `tags`. */
export class UpdatePromptDto extends PartialType(CreatePromptDto) {}
