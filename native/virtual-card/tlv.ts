/** One field: a tag, its length (FF means 255 more and read on: DOC content v5_4 §6.1), its value. */
export function encodeField(tag: number, value: Buffer): Buffer {
  const length: number[] = [];
  let rest = value.length;
  while (rest >= 0xff) {
    length.push(0xff);
    rest -= 0xff;
  }
  length.push(rest);
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

export function text(value: string): Buffer {
  return Buffer.from(value, 'utf8');
}

/** Zero bytes after the content, as the chip's fixed-size files have. A content that is already longer stays as it is. */
export function padTo(content: Buffer, size: number): Buffer {
  return content.length >= size ? content : Buffer.concat([content, Buffer.alloc(size - content.length)]);
}

export function trimZeros(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end -= 1;
  return content.subarray(0, end);
}
