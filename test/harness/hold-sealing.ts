import type { ElectronApplication } from 'playwright-core';

/**
 * Whatever main encrypts from now on waits until the function that this returns is called, so that the page "we keep your
 * request", which is there for less time than a picture takes, can be looked at. What is kept afterwards is what would
 * have been kept.
 */
export async function holdSealing(app: ElectronApplication): Promise<() => Promise<void>> {
  const held = await app.evaluateHandle(() => {
    const { subtle } = globalThis.crypto;
    const encrypt = subtle.encrypt.bind(subtle);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    subtle.encrypt = async (...given) => {
      await released;
      return encrypt(...given);
    };
    const letGo = () => {
      Reflect.deleteProperty(subtle, 'encrypt');
      release();
    };
    return { letGo };
  });
  return () => held.evaluate(({ letGo }) => letGo());
}
