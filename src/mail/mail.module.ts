import { Global, Module } from '@nestjs/common';
import { join } from 'node:path';
import { DatabaseSettings } from '../database/database.settings.js';
import { FileMailer } from './file-mailer.js';
import { Mailer } from './mailer.js';
import { MailSettings } from './mail.settings.js';
import { SmtpMailer } from './smtp-mailer.js';

@Global()
@Module({
  providers: [
    {
      provide: Mailer,
      inject: [MailSettings, DatabaseSettings],
      useFactory: (settings: MailSettings, { dataDir }: DatabaseSettings): Mailer =>
        settings.host === undefined
          ? new FileMailer(join(dataDir, 'mail'), settings)
          : new SmtpMailer(settings.host, settings),
    },
  ],
  exports: [Mailer],
})
export class MailModule {}
