/** Where dialects disagree about what is code: whoever judges a text has to judge it in every reading. */
export interface SqlReading {
  readonly backslashEscapes: boolean;
  readonly hashComments: boolean;
  readonly nestedComments: boolean;
  /** The content of a version comment, that begins with an exclamation mark, is code. */
  readonly executableComments: boolean;
  /** `5--1` is a subtraction of a negative number. */
  readonly dashesNeedSpace: boolean;
  readonly dollarQuotes: boolean;
  readonly brackets: boolean;
}

export const mysqlReading: SqlReading = {
  backslashEscapes: true,
  hashComments: true,
  nestedComments: false,
  executableComments: true,
  dashesNeedSpace: true,
  dollarQuotes: false,
  brackets: false,
};

export const postgresReading: SqlReading = {
  backslashEscapes: false,
  hashComments: false,
  nestedComments: true,
  executableComments: false,
  dashesNeedSpace: false,
  dollarQuotes: true,
  brackets: false,
};

export const transactReading: SqlReading = {
  backslashEscapes: false,
  hashComments: false,
  nestedComments: true,
  executableComments: false,
  dashesNeedSpace: false,
  dollarQuotes: false,
  brackets: true,
};

/** A fragment is read as the most lenient of servers would. */
export const fragmentReading: SqlReading = {
  backslashEscapes: true,
  hashComments: true,
  nestedComments: false,
  executableComments: true,
  dashesNeedSpace: false,
  dollarQuotes: true,
  brackets: false,
};
