import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, LessThan, MoreThanOrEqual, Repository } from 'typeorm';
import { prefix } from '../../audit/arrival-id.js';
import { AFTER_ALL, LogRows } from '../../audit/log-rows.js';
import { PermissionCheck } from './permission-check.entity.js';

export interface CheckFilter {
  readonly equal: {
    readonly userEmail?: string;
    readonly permission?: string;
    readonly granted?: boolean;
    readonly reason?: string;
    readonly resourceType?: string;
    readonly resourceId?: string;
    readonly teamId?: string;
  };
  readonly since: Date | undefined;
  /** Only rows from before. */
  readonly until: Date | undefined;
  /** The id of the last row of the page before. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

@Injectable()
export class PermissionCheckRepository extends LogRows<PermissionCheck> {
  constructor(@InjectRepository(PermissionCheck) rows: Repository<PermissionCheck>) {
    super(rows);
  }

  /** Newest first. */
  find({ equal, since, until, cursor = AFTER_ALL, limit }: CheckFilter): Promise<PermissionCheck[]> {
    const end = until ? prefix(until.getTime()) : AFTER_ALL;
    return this.rows.find({
      where: {
        ...equal,
        id: And(MoreThanOrEqual(since ? prefix(since.getTime()) : ''), LessThan(end < cursor ? end : cursor)),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }
}
