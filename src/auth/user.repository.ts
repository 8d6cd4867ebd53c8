import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { Repository } from 'typeorm';
import { normaliseId } from '../http/normalise-id.js';
import { User } from './user.entity.js';

export type NewUser = Pick<User, 'email' | 'passwordHash' | 'fullName' | 'isAdmin'> &
  Partial<Pick<User, 'emailVerified' | 'passwordChangeRequired'>>;

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

  async create(user: NewUser): Promise<User> {
    const now = new Date();
    const row: User = {
      emailVerified: true,
      passwordChangeRequired: false,
      ...user,
      id: randomUUID().replaceAll('-', ''),
      email: user.email.toLowerCase(),
      isActive: true,
      authProvider: 'local',
      failedLoginAttempts: 0,
      lockedUntil: null,
      lastLogin: null,
      passwordChangedAt: now,
      createdAt: now,
      updatedAt: now,
    };
    await this.rows.insert(row);
    return row;
  }

  async signedIn(user: User, at: Date): Promise<void> {
    user.lastLogin = at;
    await this.rows.update({ id: user.id }, { lastLogin: at });
  }

  async setActive(id: string, isActive: boolean): Promise<void> {
    await this.rows.update({ id }, { isActive, updatedAt: new Date() });
  }
}
