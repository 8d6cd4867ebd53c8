import { IsOptional } from 'class-validator';
import { Field } from '../../http/fields/field.js';
import { unlessAbsent } from '../../http/fields/unless-absent.js';

/** What a new role or policy is called. */
export class NamingDto {
  /** Nobody else's; 1 to 191 characters. */
  @Field('line', { most: 191 })
  name: string;

  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;
}

/** What is left out stays as it is. */
export class RenamingDto {
  @unlessAbsent
  @Field('line', { most: 191 })
  name?: string;

  /** null removes it. */
  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;
}
