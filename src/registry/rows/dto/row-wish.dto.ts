import { IsIn, IsOptional } from 'class-validator';
import { VISIBILITIES, type Visibility } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { Tags } from './tags-field.js';

/** Of everything that somebody may register. */
export class RowWishDto {
  /** Lower-case words of 2 to 50 characters; others are dropped. */
  @IsOptional()
  @Tags()
  tags?: string[];

  @IsOptional()
  @Field('id')
  teamId?: string;
}

/** Of what the gateway keeps itself. */
export class KeptWishDto extends RowWishDto {
  /** `public` when left out, or `team` where there is a `teamId`. */
  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility;
}
