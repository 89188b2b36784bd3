import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { trimZeros } from '../tlv.ts';

/** The card's files in the order of the module's `enum card_file`. */
const files = [
  ...['identity', 'identity-sign', 'address', 'address-sign', 'photo', 'rn-cert', 'basic-key', 'token-info', 'card-data'],
  ...['atr', 'auth-cert', 'sign-cert', 'ca-cert', 'root-cert', 'auth-key', 'sign-key', 'card-key'],
];

/** The numbers that fuzz.c gives its operations: those of the files, and then its `enum` in order. */
function readOperations(): Map<string, number> {
  const source = readFileSync(path.join(import.meta.dirname, 'fuzz.c'), 'utf8');
  const [, names = ''] = /enum \{\s*OP_FILE_FIRST[^\n]*\n(.*?)\};/s.exec(source) ?? [];
  return new Map([...names.matchAll(/OP_[A-Z_]+/g)].map(([name], at) => [name, files.length + at]));
}

const operations = readOperations();

function record(operation: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt8(operation);
  head.writeUInt16LE(content.length, 1);
  return Buffer.concat([head, content]);
}

function call(name: string, ...bytes: (number | string)[]): Buffer {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`fuzz.c has no operation ${name}`);
  return record(operation, Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))));
}

/** As much of a file as says something: its end in zero bytes, and most of a photo, only make the inputs long. */
const shorten = (content: Buffer) => trimZeros(content).subarray(0, 1_600);

function cardRecords(folder: string): Buffer[] {
  const present = new Set(readdirSync(folder));
  return files.flatMap((name, at) => (present.has(name) ? [record(at, shorten(readFileSync(path.join(folder, name))))] : []));
}

const find = (kind: number, text: string, by: 'label' | 'id') => call('OP_FIND', 1, kind, by === 'label' ? 2 : 3, text);
const look = [call('OP_FIND_MORE', 1, 60), call('OP_FIND_END', 1)];
const read = (object: number) => call('OP_ATTRIBUTES', 1, object, 11, 0, 1);
const keyByLabel = [find(2, 'Authentication', 'label'), ...look];

/** What people do with a card, one after the other: read, look for keys, log in, sign, pull the card. */
const stories: Record<string, Buffer[]> = {
  read: [call('OP_TOKEN_INFO', 0), call('OP_OPEN', 0), find(0, 'id', 'id'), ...look, read(1), read(2), read(7), call('OP_CLOSE', 1)],
  everything: [
    call('OP_OPEN', 0),
    call('OP_FIND_BY_CLASS', 1, 0),
    ...look,
    read(1),
    read(40),
    call('OP_FIND_BY_CLASS', 1, 1),
    ...look,
    read(50),
  ],
  record: [call('OP_OPEN', 0), find(0, 'record_surname', 'label'), ...look, read(1), find(0, 'record_', 'label')],
  sign: [
    ...[call('OP_OPEN', 0), ...keyByLabel, call('OP_LOGIN', 1, '1234'), call('OP_SIGN_BEGIN', 1, 2, 5)],
    ...[call('OP_SIGN', 1, 200, 'text to sign'), call('OP_SIGN_BEGIN', 1, 0, 9), call('OP_SIGN', 1, 200, 'x'.repeat(48))],
    ...[call('OP_SIGN_BEGIN', 1, 2, 7), call('OP_SIGN_UPDATE', 1, 0, 'text'), call('OP_SIGN_END', 1, 200), call('OP_LOGOUT', 1)],
  ],
  asked: [
    call('OP_STATE', 'pinpad 1\n'),
    call('OP_KEYS', 'wrong\n'),
    call('OP_OPEN', 0),
    call('OP_LOGIN', 1),
    call('OP_KEYS', 'right\n'),
    call('OP_LOGIN', 1),
  ],
  pulled: [
    ...[call('OP_OPEN', 0), call('OP_FAULT', 'swap 2 0 0 fuzz\n'), find(0, 'photo', 'id'), find(0, 'photo', 'id'), call('OP_CLOSE_ALL', 0)],
    ...[
      call('OP_FAULT', 'device_error 1 0 0 -\n'),
      call('OP_OPEN', 0),
      call('OP_INSERT'),
      call('OP_OPEN', 0),
      call('OP_CLOSE', 1),
      call('OP_CLOSE', 1),
    ],
  ],
  readers: [
    call('OP_STATE', 'reader 3\ncard.1 fuzz\ninsertion.1 4\n'),
    call('OP_SLOT_LIST', 0, 0),
    call('OP_OPEN', 1),
    call('OP_MOVED', 'moved.1 0 1 -\n'),
    call('OP_SLOT_INFO', 1),
  ],
  digest: [
    call('OP_OPEN', 0),
    call('OP_DIGEST_BEGIN', 1, 8),
    call('OP_DIGEST_UPDATE', 1, 0, 'some'),
    call('OP_DIGEST_END', 1, 60),
    call('OP_DIGEST_BEGIN', 1, 8),
    call('OP_DIGEST', 1, 60, 'text'),
  ],
  tries: [
    call('OP_PIN_FILE', '1 0 0 4321\n'),
    call('OP_OPEN', 0),
    call('OP_LOGIN', 1, '9999'),
    call('OP_SET_PIN', 1, 4),
    call('OP_AGAIN'),
    call('OP_MECHANISMS', 0, 30),
  ],
};

/** One file per card and story. */
export function writeSeeds(out: string, cards: string, personas: readonly string[]): number {
  mkdirSync(out, { recursive: true });
  for (const persona of personas) {
    const applet = /applet (\w+)/.exec(readFileSync(path.join(cards, persona, 'card'), 'utf8'))?.[1] ?? '18';
    const card = [...cardRecords(path.join(cards, persona)), call('OP_CARD', `applet ${applet}\npin 1234\n`)];
    for (const [name, story] of Object.entries(stories)) {
      writeFileSync(path.join(out, `${persona}-${name}`), Buffer.concat([...card, call('OP_INSERT'), ...story]));
    }
  }
  return personas.length * Object.keys(stories).length;
}
