import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from '../auth/accounts/user.entity.js';
import { TeamsModule } from '../teams/teams.module.js';
import { GroupMemberships } from './groups/group-memberships.js';
import { GroupProvisioning } from './groups/group-provisioning.js';
import { GroupReader } from './groups/group-reader.js';
import { ScimGroupController } from './groups/scim-group.controller.js';
import { ScimDiscoveryController } from './resources/scim-discovery.controller.js';
import { ScimClients } from './scim-clients.js';
import { SCIM_ENTITIES } from './scim.entities.js';
import { ScimUserController } from './users/scim-user.controller.js';
import { UserProvisioning } from './users/user-provisioning.js';
import { UserReader } from './users/user-reader.js';

/** Identity providers that keep accounts and teams here (SCIM 2.0). */
@Module({
  imports: [TeamsModule, TypeOrmModule.forFeature([User, ...SCIM_ENTITIES])],
  controllers: [ScimDiscoveryController, ScimUserController, ScimGroupController],
  providers: [GroupMemberships, GroupProvisioning, GroupReader, ScimClients, UserProvisioning, UserReader],
})
export class ScimModule {}
