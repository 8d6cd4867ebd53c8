import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { type TeamUser, TeamUsers } from '../../teams/team-users.js';
import { User } from './user.entity.js';

/** The accounts, as far as teams may see them. */
@Injectable()
export class AccountTeamUsers extends TeamUsers {
  constructor(@InjectRepository(User) private readonly rows: Repository<User>) {
    super();
  }

  async byEmail(email: string): Promise<TeamUser | undefined> {
    const user = await this.rows.findOneBy({ email: email.toLowerCase() });
    return user ? seen(user) : undefined;
  }

  async byIds(ids: readonly string[]): Promise<readonly TeamUser[]> {
    return (await this.rows.findBy({ id: In([...ids]) })).map(seen);
  }
}

const seen = ({ id, email, isActive, emailVerified }: User): TeamUser => ({ id, email, isActive, emailVerified });
