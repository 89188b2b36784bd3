import type { StreetFinder } from '../../contract/address.ts';
import type { FilePush } from '../../contract/file-view.ts';
import type { TownMap } from '../../contract/map.ts';
import type { PinView } from '../../contract/pin.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import type { KioskView } from '../../contract/view.ts';
import type { Audit } from '../audit/audit.ts';
import type { Catalogue } from '../catalogue/load-catalogue.ts';
import type { CataloguePush } from '../catalogue/push-catalogue.ts';
import type { Clock } from '../clock.ts';
import type { FileAsker } from '../file/ask-file.ts';
import type { Form } from '../forms/load-forms.ts';
import type { CardSupervisor } from '../identity/card-supervisor.ts';
import type { Log } from '../log.ts';
import type { MapPush } from '../map/push-map.ts';
import type { Attachments } from '../outbox/attachments/attachments.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { RecentCards } from '../outbox/recent-card.ts';
import type { ProfileAsker } from '../profile/ask-profile.ts';
import type { Counter } from '../sync/counter.ts';
import type { Sync } from '../sync/sync.ts';
import type { TakeAlong } from './errands/hand-over.ts';

/** All that a kiosk works with, and whom it tells. */
export type KioskParts = {
  config: TerminalConfig;
  forms: ReadonlyMap<string, Form>;
  catalogue: Catalogue;
  /** The local copy of the register of addresses; null or absent: streets are typed as they are. */
  streets?: () => StreetFinder | null;
  /** The drawing of this town; null or absent: a place is said in words alone. */
  map?: () => TownMap | null;
  /** Null when its file could not be opened: then nothing can be kept, and the page says so. */
  outbox: Pick<Outbox, 'keep' | 'probe' | 'look' | 'receiptOf'> | null;
  /** Photos of papers. Null: none can be taken. */
  attachments: Pick<Attachments, 'prepare' | 'discard'> | null;
  /** False: this terminal has no identity yet, and without one there is nobody to keep for. */
  enrolled: boolean;
  recentCards: Pick<RecentCards, 'remember' | 'recall' | 'forgetOld' | 'forgetTold'>;
  sync: Pick<Sync, 'wake' | 'lineState'> | null;
  counter: Counter;
  /** Null without an identity. */
  fileAsker: FileAsker | null;
  profileAsker: ProfileAsker | null;
  /** Absent: nothing of the file can be taken along. */
  takeAlong?: TakeAlong | undefined;
  card: Pick<CardSupervisor, 'forget' | 'readAgain' | 'prepare' | 'signIn' | 'sign' | 'proveChip'>;
  audit: Pick<Audit, 'write'> | null;
  clock: Clock;
  log: Log;
  freshId: () => string;
  publish: (view: KioskView) => void;
  /** What is new of the file, beside the view. */
  publishFile: (push: FilePush) => void;
  /** Brings the catalogue to the page, which searches in it. */
  cataloguePush?: CataloguePush | undefined;
  mapPush?: MapPush | undefined;
  /** The PIN view over the page, or null to take it away. */
  publishPin: (view: PinView | null) => void;
  /** The operator's page over this one. */
  openOperator: () => void;
  /** Nobody stands here: the time to take up a newer catalogue. */
  betweenVisits: () => void;
  /** Everything outside this process's variables that may still hold something of the visit. */
  wipe: () => Promise<void>;
};
