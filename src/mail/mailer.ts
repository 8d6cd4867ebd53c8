/** A plain-text message to one address. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How mail leaves the house. */
export abstract class Mailer {
  /** Rejects when the message was not taken over. */
  abstract send(mail: Mail): Promise<void>;
}
