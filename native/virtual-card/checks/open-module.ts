import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pkcs11js, { type Handle, type MechanismInfo, type ModuleInfo, type SlotInfo, type TokenInfo } from 'pkcs11js';

type Answer = { value: unknown } | { code: number; text: string };

type Attribute = { type: number; value?: number | string | Buffer | boolean };

/** The calls that the tests make, with pkcs11js's shapes. */
type Calls = {
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetInfo(): ModuleInfo;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetSlotInfo(slot: Handle): SlotInfo;
  C_GetTokenInfo(slot: Handle): TokenInfo;
  C_GetMechanismList(slot: Handle): number[];
  C_GetMechanismInfo(slot: Handle, mechanism: number): MechanismInfo;
  C_WaitForSlotEvent(flags: number): Handle | null;
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_CloseAllSessions(slot: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_Logout(session: Handle): void;
  C_SetPIN(session: Handle, from: string, to: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, max: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): Attribute[];
  C_SignInit(session: Handle, mechanism: { mechanism: number; parameter?: null }, key: Handle): void;
  C_Sign(session: Handle, data: Buffer, out: Buffer): Buffer;
  C_SignUpdate(session: Handle, part: Buffer): void;
  C_SignFinal(session: Handle, out: Buffer): Buffer;
  C_DigestInit(session: Handle, mechanism: { mechanism: number; parameter?: null }): void;
  C_Digest(session: Handle, data: Buffer, out: Buffer): Buffer;
};

/** The module in a process of its own. Calls of one module follow each other. */
export type OpenModule = {
  pid: number;
  call<K extends keyof Calls>(method: K, ...args: Parameters<Calls[K]>): Promise<ReturnType<Calls[K]>>;
  /** The CK_RV that a call ends with; 0 when it succeeds. */
  code<K extends keyof Calls>(method: K, ...args: Parameters<Calls[K]>): Promise<number>;
  /** Handles of all objects that match. */
  find(session: Handle, template: Attribute[]): Promise<Handle[]>;
  attribute(session: Handle, object: Handle, type: number): Promise<Buffer>;
  /** The only slot, after looking at the readers. */
  slot(): Promise<Handle>;
  session(slot: Handle): Promise<Handle>;
  /** Kills the process. */
  close(): Promise<void>;
  /** Lets the process end by itself. */
  end(): Promise<void>;
};

/** Loads and initialises `file` with the virtual reader `reader`. */
export async function openModule(file: string, reader: string): Promise<OpenModule> {
  const child = fork(path.join(import.meta.dirname, 'module-process.ts'), [file], {
    env: { ...process.env, LOKET_VIRTUAL_CARD: reader },
    serialization: 'advanced',
  });
  const waiting: ((answer: Answer) => void)[] = [];
  child.on('message', (answer: Answer) => waiting.shift()?.(answer));
  child.on('exit', () => {
    for (const answer of waiting.splice(0)) answer({ code: -1, text: 'the process ended' });
  });

  // The child answers in the order of the questions: it has one thread, and a call holds it.
  function ask(method: string, args: unknown[]): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.push(resolve);
    child.send({ method, args });
    return promise;
  }

  const opened: OpenModule = {
    pid: child.pid ?? expectPid(),
    async call(method, ...args) {
      const answer = await ask(method, args);
      if ('code' in answer) throw Object.assign(new Error(`${method}: ${answer.text}`), { code: answer.code });
      // What crosses between the processes is what pkcs11js returned: the one place where the type is only known by name.
      return answer.value as ReturnType<Calls[typeof method]>;
    },
    async code(method, ...args) {
      const answer = await ask(method, args);
      if ('code' in answer && answer.code < 0) throw new Error(`${method}: ${answer.text}`);
      return 'code' in answer ? answer.code : 0;
    },
    async find(session, template) {
      await opened.call('C_FindObjectsInit', session, template);
      const found = await opened.call('C_FindObjects', session, 1000);
      await opened.call('C_FindObjectsFinal', session);
      return found;
    },
    async attribute(session, object, type) {
      const [attribute] = await opened.call('C_GetAttributeValue', session, object, [{ type }]);
      return Buffer.from(attribute?.value as Buffer);
    },
    async slot() {
      const [slot] = await opened.call('C_GetSlotList', false);
      if (slot === undefined) throw new Error('no slot');
      return slot;
    },
    async session(slot) {
      return await opened.call('C_OpenSession', slot, pkcs11js.CKF_SERIAL_SESSION);
    },
    async end() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        // Killed, not asked: a call may still be holding its only thread.
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
  await opened.call('C_Initialize', { flags: pkcs11js.CKF_OS_LOCKING_OK });
  return opened;
}

function expectPid(): never {
  throw new Error('the process did not start');
}
