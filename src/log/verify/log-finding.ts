/** Something about the log that cannot be. */
export interface LogFinding {
  /** The entry's place, or undefined for the log as a whole. */
  readonly sequence?: number | undefined;
  readonly code: keyof typeof FINDINGS;
  /** The file below the log's folder that it is about. */
  readonly file?: string | undefined;
}

/** Every finding, as a sentence. */
export const FINDINGS = {
  not_json: "the entry is no JSON object",
  not_canonical: "the entry's members are not in their order, or spaced",
  wrong_sequence: "the entry has another number than its place",
  wrong_previous: "the entry does not follow from the one before",
  time_backwards: "the entry is earlier than the one before, or has no time",
  wrong_leaf: "the ledger's hash of the entry is not that of its text",
  copies_differ: "the ledger holds another entry than the log's file",
  file_short: "the log's file lacks entries that the ledger has",
  table_short: "the ledger lacks entries that the log's file has",
  cut_line: "the log's file ends within a line",
  no_key: "there is no readable `verifier-key` of the log",
  other_key: "the log's key is not the one that is trusted",
  no_checkpoint: "there are entries, but no checkpoint",
  bad_checkpoint: "the checkpoint is no checkpoint of this log",
  bad_signature: "the checkpoint does not carry a good signature of the log",
  log_short: "the checkpoint stands for more entries than there are",
  wrong_root: "the checkpoint stands for other entries than there are",
  missing_tile: "a tile that the checkpoint needs is missing",
  wrong_tile: "the tile does not follow from the entries",
  odd_file: "the file is no part of a log",
  not_witnessed: "the checkpoint carries no good signature of the witness",
  witness_ahead: "the witness has seen more of the log than there is",
  witness_differs: "the witness has seen other entries than there are",
} as const;
