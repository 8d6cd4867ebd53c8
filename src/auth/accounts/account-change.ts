import type { User } from './user.entity.js';
import type { ChangeAccountDto } from './dto/account.dto.js';

export type AccountChange = Partial<
  Pick<User, 'fullName' | 'isAdmin' | 'isActive' | 'emailVerified' | 'passwordChangeRequired'>
>;

/** The columns that a wish changes; null is "as it is", but for the name, which may be taken away. */
export function accountChange(wish: ChangeAccountDto): AccountChange {
  const given = {
    isAdmin: wish.is_admin,
    isActive: wish.is_active,
    emailVerified: wish.email_verified,
    passwordChangeRequired: wish.password_change_required,
  };
  const flags = Object.entries(given).filter(([, value]) => typeof value === 'boolean');
  return { ...Object.fromEntries(flags), ...(wish.full_name !== undefined && { fullName: wish.full_name }) };
}
