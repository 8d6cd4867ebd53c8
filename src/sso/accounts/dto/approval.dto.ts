import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { OffsetPageDto } from '../../../http/offset-page.dto.js';
import { toBoolean } from '../../../http/to-boolean.js';
import type { ApprovalStatus } from '../pending-approval.entity.js';

export class ListApprovalsDto extends OffsetPageDto {
  /** With those that nobody decided in 30 days. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  include_expired: boolean = false;
}

export class ApprovalActionDto {
  @IsIn(['approve', 'reject'])
  action: 'approve' | 'reject';

  /** Why somebody is kept out. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  notes?: string;
}

/** Who somebody is at the provider. */
export class SsoMetadataDto {
  issuer: string;
  subject: string;
}

export class ApprovalDto {
  /** 32 lower-case hex digits. */
  id: string;
  email: string;
  full_name: string | null;
  auth_provider: string;
  /** ISO 8601, UTC. */
  requested_at: string;
  expires_at: string;
  status: ApprovalStatus;
  sso_metadata: SsoMetadataDto;
}
