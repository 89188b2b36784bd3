/** Ends the app before it has begun, with a sentence for whoever starts it. Codes: 2 a wrong setting, 3 already running, 70 our mistake. */
export function leave(sentence: string, code: 2 | 3 | 70): never {
  process.stderr.write(`${sentence}\n`);
  return process.exit(code);
}
