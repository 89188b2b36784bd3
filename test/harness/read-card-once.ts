import { readFileSync } from 'node:fs';
import { startCardReader } from '../../native/start-card-reader.ts';

/** `read-card-once.ts MODULE ROOT.pem…`: prints who the card says, for whoever has to search for it afterwards. */
const [module, ...roots] = process.argv.slice(2);
startCardReader(
  {
    module: module ?? null,
    testRoots: roots.map((root) => readFileSync(root, 'utf8')),
    pollMs: 50,
    allowVirtualCard: true,
    allowDialog: false,
  },
  (message) => {
    if (message.tell !== 'state' || message.state.state !== 'complete') return;
    const { identity, address } = message.state;
    process.stdout.write(JSON.stringify({ identity, address }), () => process.exit(0));
  },
);
setTimeout(() => process.exit(1), 30_000).unref();
