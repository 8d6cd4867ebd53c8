import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TeamMember } from './team-member.entity.js';
import { TeamMemberships } from './team-memberships.js';
import { Team } from './team.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Team, TeamMember])],
  providers: [TeamMemberships],
  exports: [TeamMemberships],
})
export class TeamsModule {}
