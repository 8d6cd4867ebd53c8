import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { normaliseId } from '../../http/normalise-id.js';
import { User } from './user.entity.js';

export type NewUser = Pick<User, 'email' | 'passwordHash' | 'fullName' | 'isAdmin'> &
  Partial<Pick<User, 'isActive' | 'inactiveOrigin' | 'emailVerified' | 'passwordChangeRequired' | 'authProvider'>>;

export interface UserFilter {
  /** Part of the e-mail or of the full name, in any case. */
  readonly search?: string;
  readonly isActive?: boolean;
  readonly isAdmin?: boolean;
  readonly limit: number;
  readonly offset: number;
}

@Injectable()
export class UserRepository {
  constructor(@InjectRepository(User) private readonly rows: Repository<User>) {}

  byEmail(email: string): Promise<User | null> {
    return this.rows.findOneBy({ email: email.toLowerCase() });
  }

  /** A token's subject is a user's id, or an e-mail in tokens minted elsewhere. */
  bySubject(subject: string): Promise<User | null> {
    return subject.includes('@') ? this.byEmail(subject) : this.rows.findOneBy({ id: normaliseId(subject) });
  }

  async hasAdmin(): Promise<boolean> {
    return this.rows.existsBy({ isAdmin: true });
  }

  /** Sorted by e-mail, with the number of all that match. */
  page({ search, isActive, isAdmin, limit, offset }: UserFilter): Promise<[User[], number]> {
    const query = this.rows.createQueryBuilder('user').orderBy('user.email').take(limit).skip(offset);
    if (isActive !== undefined) query.andWhere('user.isActive = :isActive', { isActive });
    if (isAdmin !== undefined) query.andWhere('user.isAdmin = :isAdmin', { isAdmin });
    if (search !== undefined) {
      const pattern = `%${search.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
      query.andWhere("(user.email LIKE :pattern ESCAPE '!' OR LOWER(user.fullName) LIKE :pattern ESCAPE '!')", {
        pattern,
      });
    }
    return query.getManyAndCount();
  }

  /** @param manager of the unit of work that the account belongs to */
  async create(user: NewUser, manager: EntityManager = this.rows.manager): Promise<User> {
    const now = new Date();
    const row: User = {
      isActive: true,
      inactiveOrigin: null,
      emailVerified: true,
      passwordChangeRequired: false,
      authProvider: 'local',
      ...user,
      id: newId(),
      email: user.email.toLowerCase(),
      adminOrigin: null,
      failedLoginAttempts: 0,
      lockedUntil: null,
      lastLogin: null,
      passwordChangedAt: now,
      createdAt: now,
      updatedAt: now,
    };
    await manager.insert(User, row);
    return row;
  }

  async signedIn(user: User, at: Date): Promise<void> {
    user.lastLogin = at;
    await this.rows.update({ id: user.id }, { lastLogin: at });
  }

  /** The same password with other costs, unless it was changed meanwhile. */
  async rehash({ id, passwordHash }: User, anew: string): Promise<void> {
    await this.rows.update({ id, passwordHash }, { passwordHash: anew });
  }

  async setActive(id: string, isActive: boolean): Promise<void> {
    await this.rows.update({ id }, { isActive, updatedAt: new Date() });
  }
}
