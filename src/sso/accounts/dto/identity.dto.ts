import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { PROVIDER_ID } from '../../providers/provider-id.js';

export class LinkIdentityDto {
  @Field('email')
  user_email: string;

  @Matches(PROVIDER_ID, { message: 'provider_id must be the id of an SSO provider' })
  provider_id: string;

  /** The `sub` of somebody at this provider; of GitHub, the number of the user. */
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  subject: string;
}

export class FindIdentityDto {
  @Field('email')
  user_email: string;
}

export class FederatedIdentityDto {
  /** 32 lower-case hex digits. */
  id: string;
  user_email: string;
  provider_id: string;
  issuer: string;
  subject: string;
  /** E-mail of who bound it; null for the first sign-in. */
  linked_by: string | null;
  /** ISO 8601, UTC. */
  created_at: string;
}
