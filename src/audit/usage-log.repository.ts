import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, LessThan, MoreThanOrEqual, Repository } from 'typeorm';
import { prefix } from './arrival-id.js';
import { AFTER_ALL, LogRows } from './log-rows.js';
import { UsageLogRow } from './usage-log.entity.js';

export interface UsageFilter {
  readonly tokenJti?: string;
  readonly userEmail?: string;
  readonly serverId?: string;
  readonly outcome?: string;
  readonly mcpMethod?: string;
  readonly since?: Date;
  /** The id of the last row of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

@Injectable()
export class UsageLogRepository extends LogRows<UsageLogRow> {
  constructor(@InjectRepository(UsageLogRow) rows: Repository<UsageLogRow>) {
    super(rows);
  }

  find(filter: UsageFilter): Promise<UsageLogRow[]> {
    const { tokenJti, userEmail, serverId, outcome, mcpMethod, since, cursor, limit } = filter;
    return this.rows.find({
      where: {
        ...(tokenJti !== undefined && { tokenJti }),
        ...(userEmail !== undefined && { userEmail }),
        ...(serverId !== undefined && { serverId }),
        ...(outcome !== undefined && { outcome }),
        ...(mcpMethod !== undefined && { mcpMethod }),
        id: And(MoreThanOrEqual(since ? prefix(since.getTime()) : ''), LessThan(cursor ?? AFTER_ALL)),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }
}
