// The engine's boundary as docs/engine-boundary.md writes it down: what crosses between this shell and the .NET engine. Rows are
// stored as they come and given back as they were; nothing here decides anything about the protocol.

/** A UUID in lowercase text. */
export type Id = string;
/** Bytes in base64. */
export type Base64 = string;

export type ConversationKind = 'direct' | 'group' | 'notes';
export type MemberRole = 'member' | 'owner' | 'former';

export interface MetaRow {
  key: string;
  value: string;
}

export interface MessagePreview {
  seq: number;
  author: Id;
  timeMs: number;
  text?: string;
}

export interface ConversationRow {
  id: Id;
  kind: ConversationKind;
  title: string;
  peer?: Id;
  role: MemberRole;
  members: number;
  head: number;
  headTimeMs: number;
  applied: number;
  lowest: number;
  read: number;
  unread: number;
  deliveredByOthers: number;
  readByOthers: number;
  lastMessage?: MessagePreview;
}

export type EntryKind = 'application' | 'commit' | 'membership' | 'tombstone' | 'hidden' | 'unknown';
export type ContentKind = 'none' | 'text' | 'edit' | 'delete' | 'reaction' | 'other';
export type MembershipKind = 'created' | 'added' | 'removed' | 'left' | 'title' | 'role' | 'unknown';

export interface MembershipChange {
  kind: MembershipKind;
  accounts: Id[];
  title?: string;
  role?: MemberRole;
}

export interface EntryRow {
  conversation: Id;
  seq: number;
  kind: EntryKind;
  serverTimeMs: number;
  author: Id;
  device: Id;
  counts: boolean;
  contentKind: ContentKind;
  text?: string;
  membership?: MembershipChange;
  hiddenTo: number;
  localKey?: string;
}

export interface OutboxRow {
  conversation: Id;
  localKey: string;
  order: number;
  contentKind: ContentKind;
  text?: string;
  createdMs: number;
  state: 'pending' | 'failed';
  errorCode?: string;
}

export interface PersonRow {
  account: Id;
  name: string;
  displayName: string;
}

export interface MemberRow {
  conversation: Id;
  account: Id;
  role: MemberRole;
}

export type TableName = 'meta' | 'conversations' | 'entries' | 'lost' | 'outbox' | 'people' | 'members' | 'commands';

/** A put has a row, a delete the key columns in order; a key with fewer columns than the table's means all rows that begin with it. */
export type StoreOp = { table: TableName; row: object } | { table: TableName; key: (string | number)[] };

export interface StoreSnapshot {
  account: Id;
  device: Id;
  cursor: Base64;
  conversations: ConversationRow[];
  outbox: OutboxRow[];
  people: Id[];
}

export type EngineTimer = 'pace' | 'retry' | 'marks' | 'answer';

/** Without `nowMs` and `commandId`, which are given when the command reaches the engine. */
export type EngineCommand =
  | { type: 'send'; conversation: Id; content: { type: 'text'; text: string }; random: string; salt: Base64; localKey: string }
  | { type: 'retryFailed' | 'discardFailed'; conversation: Id; localKey: string }
  | { type: 'markRead'; conversation: Id; seq: number }
  | { type: 'openDirect'; peer: Id }
  | { type: 'createGroup'; id: Id; title: string; members: Id[] }
  | { type: 'fetchHistory'; conversation: Id; before: number; limit: number }
  | { type: 'readRoster'; conversation: Id };

export type EngineInput =
  | { type: 'opened'; snapshot: StoreSnapshot }
  | { type: 'transportOpened'; ticket: Base64 }
  | { type: 'transportFailed'; kind: 'network' | 'unauthorized' }
  | { type: 'transportClosed'; code: number }
  | { type: 'received'; message: Base64 }
  | { type: 'timerFired'; timer: EngineTimer }
  | { type: 'stored' | 'storeFailed'; batchId: number }
  | { type: 'entriesRead'; conversation: Id; from: number; to: number; rows: EntryRow[] }
  | { type: 'peopleFound'; people: PersonRow[] }
  | { type: 'probe' }
  | { type: 'stop' }
  | (EngineCommand & { commandId: number });

/** An input with the host's time, as the engine takes it. */
export type TimedInput = EngineInput & { nowMs: number };

export type EngineEffect =
  | { type: 'storeBatch'; batchId: number; ops: StoreOp[] }
  | { type: 'readEntries'; conversation: Id; from: number; to: number }
  | { type: 'sendBytes'; message: Base64 }
  | { type: 'setTimer'; timer: EngineTimer; afterMs: number }
  | { type: 'cancelTimer'; timer: EngineTimer }
  | { type: 'connect'; minDelayMs: number; maxDelayMs: number }
  | { type: 'disconnect' }
  | { type: 'lookUpPeople'; accounts: Id[] }
  | { type: 'emit'; event: EngineEvent };

export type ConnectionState = 'offline' | 'connecting' | 'syncing' | 'live' | 'stopped';
export type EngineFailure = 'storeFailed' | 'idReused' | 'unauthorized' | 'refused';

/** The events the pages use; others pass unread. */
export type EngineEvent =
  | { type: 'connectionChanged'; state: ConnectionState; closeCode: number }
  | { type: 'commandDone'; commandId: number; conversation?: Id; seq: number }
  | { type: 'commandFailed'; commandId: number; code: string; detail: string }
  | { type: 'failed'; reason: EngineFailure }
  | {
      type:
        | 'entryApplied'
        | 'messageAcked'
        | 'messageFailed'
        | 'conversationChanged'
        | 'peopleChanged'
        | 'caughtUp'
        | 'idle'
        | 'receiptsRead'
        | 'diverged';
    };
