import type * as z from 'zod';
import { BundleManifest, Changes } from '../bundle.ts';
import { CheckKeys, TerminalKeys } from '../check-keys.ts';
import { Enrolment, EnrolmentRequest, Renewal, RenewalRequest } from '../enrolment.ts';
import { Revocation } from '../evidence.ts';
import {
  ActingAs,
  FileItem,
  FileLine,
  FileRequest,
  Grant,
  GrantEndReply,
  GrantEndRequest,
  Role,
  RolesReply,
  RolesRequest,
  SourceAnswer,
  SourceInfo,
} from '../file.ts';
import { HandoverReply, HandoverRequest } from '../handover.ts';
import { Hash, Reference, TxId } from '../ids.ts';
import { LossStatement } from '../kept-record.ts';
import { KeySet } from '../key-set.ts';
import {
  CodeReply,
  CodeRequest,
  ConfirmReply,
  ConfirmRequest,
  ProfileChange,
  ProfileEntry,
  ProfileReply,
  ProfileRequest,
  ProfileValue,
  Purpose,
} from '../profile.ts';
import { InclusionProof, ReceiptHead } from '../receipt.ts';
import { TransactionContent } from '../transaction.ts';
import { WebEidToken } from '../web-eid.ts';
import {
  BatchReply,
  Challenge,
  ChallengeRequest,
  Health,
  ItemResult,
  LineNews,
  LossReply,
  LossRequest,
  Problem,
  RevocationReply,
  RevocationRequest,
  SignInRequest,
  SignInResult,
  TicketStatus,
  TransactionBatch,
  TransactionEvent,
} from '../wire.ts';

/** Every schema of the document, with what it means. */
export const schemas = {
  TxId: [TxId, 'UUID version 7 (RFC 9562, 5.7), lower case, made when the form is opened. The identity of a transaction.'],
  Reference: [Reference, 'What stands on the ticket: the town, then eight Crockford base-32 characters by chance.'],
  Hash: [Hash, 'SHA-256 in base64url.'],
  TransactionEvent: [
    TransactionEvent,
    'A CloudEvents 1.0 event in JSON format. `data_base64` is HPKE ciphertext (RFC 9180, base mode): `info` is the name of the suite that the key set gives for `keyid`, `aad` binds id, terminal, generation, sequence and keyid.',
  ],
  TransactionContent: [
    TransactionContent,
    'What is sealed inside `data_base64`, as JSON in UTF-8. Only the worker of the middleware can read it.',
  ],
  TransactionBatch: [
    TransactionBatch,
    'CloudEvents JSON batch format (JSON event format 1.0, clause 4). All items come from one terminal; they are consecutive records of one generation.',
  ],
  ItemResult: [ItemResult, 'The result of one item. A refusal never makes a terminal forget a record: it waits for a person.'],
  BatchReply: [
    BatchReply,
    'One result per item whose id can be read, in the order of the items. An item without a result was not received: it stays with the terminal.',
  ],
  ReceiptHead: [
    ReceiptHead,
    'Payload of a receipt, which is a compact JWS (RFC 7515) with `typ` `loket-receipt` and the signing key in `kid`: the root of a Merkle tree (RFC 9162, 2.1) over what was received.',
  ],
  InclusionProof: [
    InclusionProof,
    'A record’s place under a receipt: its index and the sibling hashes from the leaf up (RFC 9162, 2.1.3).',
  ],
  LineNews: [LineNews, 'What every contact tells a terminal about itself.'],
  LossRequest: [LossRequest, 'A terminal’s word that committed records are gone from its disk.'],
  LossReply: [LossReply, 'It is written down.'],
  LossStatement: [LossStatement, 'Payload of a loss statement: a compact JWS (RFC 7515) with `typ` `loket-loss` by the terminal’s key.'],
  TicketStatus: [TicketStatus, 'Received or not, and nothing else.'],
  ChallengeRequest: [ChallengeRequest, 'Who wants to sign somebody in.'],
  Challenge: [Challenge, 'What the card signs, through hashes of both: where, and a number that is good once.'],
  WebEidToken: [
    WebEidToken,
    'Web eID authentication token, format 1.0 (web-eid-system-architecture-doc): the hash of the origin and the hash of the nonce, one after the other, signed with the authentication key. ES384 signatures are `r‖s`.',
  ],
  SignInRequest: [SignInRequest, 'An answered challenge. Names a person; nothing of it is kept here.'],
  SignInResult: [SignInResult, 'Accepted, with what is known of the revocation of the person’s certificate; or refused, and why.'],
  Grant: [
    Grant,
    'That this person signed in, for this terminal and this visit, for minutes; nothing lengthens it. 32 random bytes, base64url. It travels in `authorization: Bearer` (RFC 6750, 2.1), never in an address.',
  ],
  GrantEndRequest: [GrantEndRequest, 'The visit is over: every grant of it ends.'],
  GrantEndReply: [GrantEndReply, 'None is left. The same when none was there.'],
  ActingAs: [ActingAs, 'In whose name somebody acts. Asked of the sources for it at every reading.'],
  Role: [Role, 'Somebody whom this person may act for, with a name to choose by.'],
  RolesRequest: [RolesRequest, 'Whom may the person of this grant act for?'],
  RolesReply: [RolesReply, 'All that the sources for it say. `silent`: those that said nothing, so that there may be more.'],
  SourceInfo: [SourceInfo, 'A place that may hold something.'],
  FileItem: [
    FileItem,
    'One thing that a source holds, in the terms of its field. Texts are the source’s: plain text, whatever stands in them.',
  ],
  SourceAnswer: [SourceAnswer, 'What came of asking one source. `more`: another line with items of the same answer follows.'],
  FileRequest: [FileRequest, 'About whom, and which sources; none named is all.'],
  FileLine: [
    FileLine,
    'One line of the stream: first `sources`, then `answer` for each as it comes, last `end`. Without `end` the stream broke off.',
  ],
  ProfileValue: [
    ProfileValue,
    'One thing of a profile with its value; null: not known, or not any more. There is no place for a language.',
  ],
  ProfileChange: [
    ProfileChange,
    'What a transaction asks of a profile. `basedOn`: the change whose outcome was on the glass. Of two changes that did not see each other the later holds; of a consent, its withdrawal.',
  ],
  ProfileEntry: [ProfileEntry, 'A thing as it stands. `version`: the transaction that made it so.'],
  Purpose: [Purpose, 'What may be agreed to. The SHA-256 of its words in all languages stands for them in a consent.'],
  HandoverRequest: [HandoverRequest, 'A thing of the file of this grant, and the way to the person.'],
  HandoverReply: [HandoverReply, '`ready`: the page waits behind the token. `sent`: where to, masked.'],
  ProfileRequest: [ProfileRequest, 'The profile of the person of this grant.'],
  ProfileReply: [ProfileReply, 'What holds, what may be agreed to, which changes of late had no effect, and where a code can be sent.'],
  CodeRequest: [CodeRequest, 'An address or number to be confirmed. `language`: of this one message; it is kept nowhere.'],
  CodeReply: [CodeReply, 'The code is on its way; or why not.'],
  ConfirmRequest: [ConfirmRequest, 'The code that came.'],
  ConfirmReply: [ConfirmReply, 'Right, wrong, or over: then another has to be sent.'],
  Revocation: [Revocation, 'What is known of one certificate. `asOf` is the authority’s own time: show it as the age.'],
  RevocationRequest: [
    RevocationRequest,
    'A certificate to ask about, and the one that issued it. May name a person; nothing of it is kept here.',
  ],
  RevocationReply: [RevocationReply, 'What is known, and when the middleware said so.'],
  EnrolmentRequest: [EnrolmentRequest, 'Who wants to be enrolled, the secret of the one-time code, and a PKCS#10 request (RFC 2986).'],
  Enrolment: [Enrolment, 'The terminal’s identity: its certificate first, then what issued it. `operatorSecret` is for RFC 6238.'],
  RenewalRequest: [RenewalRequest, 'A PKCS#10 request for the next certificate.'],
  Renewal: [Renewal, 'The next certificate first, then what issued it.'],
  CheckKeys: [
    CheckKeys,
    'What checks a printed code without asking anybody. `keySetKey` is what terminals pin; it signed `keySet`, and a receipt key of that set signed `terminalKeys`.',
  ],
  TerminalKeys: [
    TerminalKeys,
    'Payload of the list of terminals’ keys: a compact JWS (RFC 7515) with `typ` `loket-terminal-keys`. Former keys too.',
  ],
  KeySet: [KeySet, 'Payload of the key set. Terminals seal to the seal key with the latest `from` that has begun.'],
  Changes: [Changes, 'The newest cursor, and the manifest unless the cursor that was given is the newest.'],
  BundleManifest: [BundleManifest, 'Payload of a manifest: every file of the bundle by its hash. `serial` never goes back.'],
  Health: [Health, 'The process answers.'],
  Problem: [
    Problem,
    'Problem details (RFC 9457). `type` is one of the addresses listed with the operation; `detail` never repeats what was sent.',
  ],
} as const satisfies Record<string, readonly [z.ZodType, string]>;
