import { choice } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class LogSettings extends settings('Application log', {
  level: choice(
    'LOG_LEVEL',
    ['error', 'warn', 'info', 'debug'],
    'error',
    'Least severe line that is written, to standard output.',
  ),
  format: choice('LOG_FORMAT', ['json', 'text'], 'json', 'How a line looks.'),
}) {}
