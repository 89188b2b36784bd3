import type { FileItem, Subject } from '../../contract/file.ts';
import type { SeenFile } from './seen-file.ts';

/** An item of this visit's file. `proof`: the middleware's word about it, which a request that answers it takes along. */
export type ItemName = { source: string; id: string; subject: Subject; proof?: string | undefined };

/** `source/place`: what the page calls it. The source's own name for it never crosses to the page. */
export function keyOfItem(source: string, at: number): string {
  return `${source}/${at}`;
}

/** What of this visit's file a draft answers. */
export function findItemOf(file: SeenFile | null, { source, id }: Pick<ItemName, 'source' | 'id'>): FileItem | null {
  return file?.sources.get(source)?.items.find((item) => item.id === id) ?? null;
}

/** What the page calls it; null: it is not there any more. */
export function findKeyOf(file: SeenFile | null, { source, id }: Pick<ItemName, 'source' | 'id'>): string | null {
  const at = file?.sources.get(source)?.items.findIndex((item) => item.id === id) ?? -1;
  return at < 0 ? null : keyOfItem(source, at);
}

/** The page may name what this visit has read, and nothing else. */
export function findItem(file: SeenFile | null, key: string): { item: FileItem; name: ItemName } | null {
  const [, source = '', place = ''] = /^([a-z][a-z0-9-]*)\/(0|[1-9]\d{0,5})$/.exec(key) ?? [];
  const item = file?.sources.get(source)?.items[Number(place)];
  return place !== '' && item ? { item, name: { source, id: item.id, subject: item.subject, proof: item.proof } } : null;
}
