/** An expected refusal is a value, not an exception: `error` is a literal that a screen can turn into a sentence. */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E };

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function refuse<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}

/** Makes a `switch` over a union exhaustive: forgetting a case is a type error. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value of type ${typeof value}`);
}
