import type { UserDto } from '../login/dto/login.dto.js';
import type { User } from './user.entity.js';

/** What an account looks like from outside: never its hash. */
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
    failed_login_attempts: user.failedLoginAttempts,
    locked_until: user.lockedUntil?.toISOString() ?? null,
    is_locked: user.lockedUntil !== null && user.lockedUntil.getTime() > Date.now(),
  };
}
