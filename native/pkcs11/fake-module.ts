import type { ModuleFunctions } from './library.ts';

/** A PKCS#11 module in memory that notes each call, and fails where a test says so, as pkcs11js throws. */
export type FakeModule = ModuleFunctions & { calls: string[]; failing: Map<string, string>; given: unknown[] };

export function makeFakeModule(values: Record<string, Buffer>): FakeModule {
  const calls: string[] = [];
  const given: unknown[] = [];
  const failing = new Map<string, string>();
  let found: string | null = null;
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
  const version = { major: 2, minor: 40 };
  return {
    calls,
    failing,
    given,
    load: () => note('load'),
    C_Initialize(options) {
      given.push(options);
      note('C_Initialize');
    },
    C_Finalize() {
      note('C_Finalize');
    },
    C_GetInfo() {
      note('C_GetInfo');
      return { cryptokiVersion: version, manufacturerID: 'x', flags: 0, libraryDescription: 'Fake  ', libraryVersion: version };
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
      throw new Error('CKR_TOKEN_NOT_RECOGNIZED:225');
    },
    C_OpenSession() {
      note('C_OpenSession');
      return Buffer.of(1);
    },
    C_CloseSession() {
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
  };
}
