/** `photoLimits` of the contract, whose schemas stay out of the page; a test holds them together. */
export const largestPicture = { bytes: 8 * 1024 * 1024, longestSidePx: 2560 } as const;

const thumbnailPx = 320;
/** One after the other, until the picture is small enough. */
const qualities = [0.88, 0.75, 0.6, 0.4] as const;

type Size = { width: number; height: number };

/** As large as it is, or as it may be. */
export function fitSize({ width, height }: Size, longest: number): Size {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** What the camera shows at this moment; null while it shows nothing yet. */
export function takePicture(video: HTMLVideoElement): HTMLCanvasElement | null {
  const { videoWidth: width, videoHeight: height } = video;
  return width === 0 || height === 0 ? null : draw(video, { width, height }, largestPicture.longestSidePx);
}

/** Null when no JPEG can be made of it that is small enough. */
export async function makeJpeg(picture: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const quality of qualities) {
    const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/jpeg', quality));
    if (blob === null) return null;
    if (blob.size <= largestPicture.bytes) return new Uint8Array(await blob.arrayBuffer());
  }
  return null;
}

/** To know the page again, not to read it. */
export function makeThumbnail(picture: HTMLCanvasElement): string | null {
  return draw(picture, picture, thumbnailPx)?.toDataURL('image/jpeg', 0.7) ?? null;
}

function draw(source: CanvasImageSource, size: Size, longest: number): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  const { width, height } = fitSize(size, longest);
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  pen.drawImage(source, 0, 0, width, height);
  return canvas;
}
