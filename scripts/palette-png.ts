/**
 * Makes screenshots small: as many colours as they need, in a palette. Of what a browser writes, that
 * is 8 bits a channel, without interlacing (PNG, third edition).
 */
import { Buffer } from "node:buffer";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The same picture with 256 colours. */
export function palettePng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = paletteOf(counts);
  const nearest = new Map([...counts.keys()].map((colour) => [colour, indexIn(palette, colour)]));
  const stride = width + 1;
  const lines = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      lines[y * stride + 1 + x] = nearest.get(pixels[y * width + x] ?? 0) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8); // 8 bits, palette
  const colours = Buffer.from(palette.flatMap(channels));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const COLOURS = 256;

/** Frequent colours that are far from each other: an accent is rare, and seen. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const palette: number[] = [];
  const far = new Map([...counts.keys()].map((colour) => [colour, Number.POSITIVE_INFINITY]));
  const worth = (colour: number) => (counts.get(colour) ?? 0) * (far.get(colour) ?? 0);
  while (palette.length < Math.min(COLOURS, counts.size)) {
    const best = [...counts.keys()].reduce((one, other) =>
      worth(other) > worth(one) ||
      (worth(other) === worth(one) && (counts.get(other) ?? 0) > (counts.get(one) ?? 0))
        ? other
        : one,
    );
    palette.push(best);
    for (const colour of counts.keys()) {
      far.set(colour, Math.min(far.get(colour) ?? 0, distance(colour, best)));
    }
  }
  return palette;
}

function distance(one: number, other: number): number {
  const [r, g, b] = channels(one);
  const [or, og, ob] = channels(other);
  return (r - or) ** 2 + (g - og) ** 2 + (b - ob) ** 2;
}

function channels(colour: number): readonly [number, number, number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function indexIn(palette: readonly number[], colour: number): number {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const parts: Buffer[] = [];
  let [width, height, size] = [0, 0, 0];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      width = data.readUInt32BE(0);
      height = data.readUInt32BE(4);
      size = data[9] === 6 ? 4 : 3;
      if (data[8] !== 8 || (data[9] !== 2 && data[9] !== 6) || data[12] !== 0) {
        throw new Error("only RGB with 8 bits a channel, not interlaced");
      }
    } else if (type === "IDAT") parts.push(data);
    at += length + 12;
  }
  const lines = unfiltered(inflateSync(Buffer.concat(parts)), width * size, size);
  const pixels = new Uint32Array(width * height);
  for (const index of pixels.keys()) {
    const at = index * size;
    pixels[index] = ((lines[at] ?? 0) << 16) | ((lines[at + 1] ?? 0) << 8) | (lines[at + 2] ?? 0);
  }
  return { width, height, pixels };
}

/** PNG section 9: each line is filtered by its first byte. */
function unfiltered(data: Buffer, stride: number, size: number): Uint8Array {
  const lines = new Uint8Array((data.length / (stride + 1)) * stride);
  for (let line = 0; line * (stride + 1) < data.length; line += 1) {
    const filter = data[line * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = line * stride + x;
      const left = x < size ? 0 : (lines[at - size] ?? 0);
      const up = line === 0 ? 0 : (lines[at - stride] ?? 0);
      const corner = x < size || line === 0 ? 0 : (lines[at - stride - size] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      lines[at] = (data[line * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return lines;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(estimate - value));
  if ((a ?? 0) <= (b ?? 0) && (a ?? 0) <= (c ?? 0)) return left;
  return (b ?? 0) <= (c ?? 0) ? up : corner;
}
