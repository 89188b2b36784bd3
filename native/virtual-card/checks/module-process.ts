import pkcs11js from 'pkcs11js';

/**
 * A process of its own for the module, as it needs in real life: it has state for the whole process, reads its
 * environment as C does, and a call blocks the thread. Answers one message with one message.
 */
const module = new pkcs11js.PKCS11();
module.load(process.argv[2] ?? '');

/** Refused by pkcs11js itself: the module was never asked. */
const noCode = -1;

process.on('message', (message: { method: string; args: unknown[] }) => {
  const method: unknown = Reflect.get(module, message.method);
  try {
    if (typeof method !== 'function') throw new Error(`no such method: ${message.method}`);
    process.send?.({ value: method.apply(module, message.args) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : noCode;
    process.send?.({ code, text: String(error) });
  }
});

process.on('disconnect', () => process.exit());
