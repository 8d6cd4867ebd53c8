import { ApiProperty } from '@nestjs/swagger';
import type { Permission } from '#libs/policy';

export class AvailablePermissionsDto {
  /** Sorted. */
  all_permissions: Permission[];
  /** By what stands before the dot. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  permissions_by_resource: Record<string, Permission[]>;
  total_count: number;
}
