import type { ModuleFunctions } from './library.ts';

/** A PKCS#11 module in memory that notes each call, and fails where a test says so, as pkcs11js throws. */
export type FakeModule = ModuleFunctions & {
  calls: string[];
  /** Call name to error text. */
  failing: Map<string, string>;
  given: unknown[];
  maker: string;
  token: { flags: number; applet: number; serial: string };
  /** What C_Sign answers. */
  signature: Buffer;
};

/** `values`: by OBJECT_ID for data, by label for certificates and keys. */
export function makeFakeModule(values: Record<string, Buffer>): FakeModule {
  const calls: string[] = [];
  const given: unknown[] = [];
  const failing = new Map<string, string>();
  let found: string | null = null;
  let sessions = 0;
  const note = (name: string) => {
    calls.push(name);
    const failure = failing.get(name);
    if (failure !== undefined) throw new Error(failure);
  };
  function findObjects(session: Buffer, most: number): Buffer[];
  function findObjects(session: Buffer): Buffer | null;
  function findObjects(_session: Buffer, most?: number): Buffer[] | Buffer | null {
    note('C_FindObjects');
    const handle = found !== null && found in values ? Buffer.from(found) : null;
    if (most === undefined) return handle;
    return handle === null ? [] : [handle];
  }
  function sign(session: Buffer, data: Buffer, room: Buffer): Buffer;
  function sign(session: Buffer, data: Buffer, room: Buffer, done: (error: Error, signature: Buffer) => void): void;
  function sign(session: Buffer, data: Buffer, room: Buffer): Buffer {
    given.push({ signed: data, session: session[0], room: room.length });
    note('C_Sign');
    return fake.signature;
  }
  const version = { major: 2, minor: 40 };
  const fake: FakeModule = {
    calls,
    failing,
    given,
    maker: 'x',
    token: { flags: 0x40e, applet: 0x18, serial: '' },
    signature: Buffer.alloc(96, 7),
    load: () => note('load'),
    close: () => note('close'),
    C_Initialize(options) {
      given.push(options);
      note('C_Initialize');
    },
    C_Finalize() {
      note('C_Finalize');
    },
    C_GetInfo() {
      note('C_GetInfo');
      return {
        cryptokiVersion: version,
        manufacturerID: fake.maker.padEnd(32),
        flags: 0,
        libraryDescription: 'Fake  ',
        libraryVersion: version,
      };
    },
    C_GetSlotList() {
      note('C_GetSlotList');
      return [Buffer.of(0), Buffer.of(1)];
    },
    C_GetSlotInfo() {
      note('C_GetSlotInfo');
      return { slotDescription: '', manufacturerID: '', flags: 7, hardwareVersion: version, firmwareVersion: version };
    },
    C_GetTokenInfo() {
      note('C_GetTokenInfo');
      return {
        label: 'BELPIC',
        manufacturerID: '',
        model: '',
        serialNumber: fake.token.serial,
        flags: fake.token.flags,
        maxSessionCount: 10,
        sessionCount: sessions,
        maxRwSessionCount: 10,
        rwSessionCount: 0,
        maxPinLen: 12,
        minPinLen: 4,
        hardwareVersion: version,
        firmwareVersion: { major: fake.token.applet, minor: 0 },
        utcTime: '',
        totalPublicMemory: 0,
        freePublicMemory: 0,
        totalPrivateMemory: 0,
        freePrivateMemory: 0,
      };
    },
    C_OpenSession() {
      note('C_OpenSession');
      sessions += 1;
      return Buffer.of(sessions);
    },
    C_CloseSession(session) {
      given.push({ closed: session[0] });
      note('C_CloseSession');
    },
    C_CloseAllSessions() {
      note('C_CloseAllSessions');
    },
    C_GetSessionInfo() {
      note('C_GetSessionInfo');
      return { slotID: Buffer.of(0), state: 0, flags: 4, deviceError: 0 };
    },
    C_FindObjectsInit(_, template) {
      given.push(template);
      const id = template[1]?.value;
      found = Buffer.isBuffer(id) ? id.toString() : null;
      note('C_FindObjectsInit');
    },
    C_FindObjects: findObjects,
    C_FindObjectsFinal() {
      note('C_FindObjectsFinal');
    },
    C_GetAttributeValue(_, object, template) {
      note('C_GetAttributeValue');
      return template.map(({ type }) => ({ type, value: values[object.toString()] ?? Buffer.alloc(0) }));
    },
    C_Login(_, user, pin) {
      given.push({ user, pin });
      note('C_Login');
    },
    C_Logout() {
      note('C_Logout');
    },
    C_SignInit(session, mechanism) {
      given.push({ ...mechanism, session: session[0] });
      note('C_SignInit');
    },
    C_Sign: sign,
  };
  return fake;
}
