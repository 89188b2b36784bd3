import { writeFileSync } from 'node:fs';

const [width, height] = [1280, 960];

/**
 * A sheet of paper with lines of print on a dark table, as one frame of a Y4M file, for Chromium's fake camera
 * (media/capture/video/file_video_capture_device.cc). `margin`: another sheet, so that two photos differ.
 */
export function writePaperVideo(file: string, { margin = 220 } = {}): string {
  const luma = Buffer.alloc(width * height, 70);
  const paint = (left: number, top: number, right: number, bottom: number, shade: number) => {
    for (let row = top; row < bottom; row += 1) luma.fill(shade, row * width + left, row * width + right);
  };
  paint(margin, 40, width - margin, height - 40, 235);
  paint(margin + 60, 90, margin + 360, 130, 40);
  for (let line = 0; line < 18; line += 1)
    paint(margin + 60, 190 + line * 36, width - margin - 60 - ((line * 97) % 240), 202 + line * 36, 60);
  // 4:2:0, without colour.
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const header = `YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`;
  writeFileSync(file, Buffer.concat([Buffer.from(`${header}FRAME\n`), luma, chroma]));
  return file;
}
