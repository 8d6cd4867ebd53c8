import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { KeyStatusDto } from './dto/key-status.dto.js';
import { KeyStatus } from './key-status.js';
import { ResealJob } from './rotation/reseal-job.js';
import { RotateKeys } from './rotation/rotate-keys.js';

/** The data keys that stored secrets are sealed with. */
@ApiTags('configuration')
@Controller('admin/keys')
@RateLimited('high')
export class KeyController {
  constructor(
    private readonly status: KeyStatus,
    private readonly rotation: RotateKeys,
    private readonly job: ResealJob,
  ) {}

  /** Which keys there are, what they sealed, and how far a rotation is. */
  @Get()
  @Requires('admin.system_config')
  read(): Promise<KeyStatusDto> {
    return this.status.read();
  }

  /** Make a new data key and seal everything anew with it; calls go on meanwhile. This answers at once. */
  @Post('rotate')
  @HttpCode(202)
  @Requires('admin.system_config')
  async rotate(@Caller() caller: Principal): Promise<KeyStatusDto> {
    await this.rotation.rotate(caller);
    void this.job.tick();
    return this.status.read();
  }
}
