import type { UserDto } from './dto/login.dto.js';
import type { User } from './user.entity.js';

/** An account as its owner sees it. */
export function shownUser(user: User): UserDto {
  return {
    email: user.email,
    full_name: user.fullName,
    is_admin: user.isAdmin,
    is_active: user.isActive,
    auth_provider: user.authProvider,
    created_at: user.createdAt.toISOString(),
    last_login: user.lastLogin?.toISOString() ?? null,
    email_verified: user.emailVerified,
    password_change_required: user.passwordChangeRequired,
  };
}
