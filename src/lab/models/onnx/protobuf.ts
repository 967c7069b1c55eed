/**
 * The few lines of protocol buffers that reading and extending an ONNX file takes. Payloads are never
 * copied: a field is its byte range. Encoding: https://protobuf.dev/programming-guides/encoding/
 */

import { joinBytes } from '../../../base/bytes.ts';

export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  /** First byte of the field's tag. */
  readonly start: number;
  /** First byte of the payload, behind tag and length. */
  readonly payload: number;
  /** Byte past the payload. */
  readonly end: number;
}

function varintAt(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let next = at; next < Math.min(bytes.length, at + 10); next++) {
    const byte = bytes[next]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: next + 1 };
    scale *= 128;
  }
  throw new RangeError(`byte ${at} does not begin a number`);
}

/** The fields of a message that lies at [start, end). @throws RangeError where the bytes are no message. */
export function* fieldsOf(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Field> {
  let at = start;
  while (at < end) {
    const tag = varintAt(bytes, at);
    const wire = tag.value % 8;
    const number = Math.floor(tag.value / 8);
    let payload = tag.next;
    let next: number;
    if (wire === 0) next = varintAt(bytes, payload).next;
    else if (wire === 1) next = payload + 8;
    else if (wire === 5) next = payload + 4;
    else if (wire === 2) {
      const length = varintAt(bytes, payload);
      payload = length.next;
      next = payload + length.value;
    } else throw new RangeError(`byte ${at} begins no field`);
    if (next > end || number === 0) throw new RangeError(`the field at byte ${at} does not fit its message`);
    yield { number, wire, start: at, payload, end: next };
    at = next;
  }
}

/** A varint payload as a number; exact below 2^53. */
export function numberOf(bytes: Uint8Array, field: Field): number {
  return varintAt(bytes, field.payload).value;
}

/** The varints of a repeated field: one, or several packed into one payload. */
export function numbersOf(bytes: Uint8Array, field: Field): number[] {
  if (field.wire === 0) return [numberOf(bytes, field)];
  const numbers: number[] = [];
  for (let at = field.payload; at < field.end; ) {
    const { value, next } = varintAt(bytes, at);
    numbers.push(value);
    at = next;
  }
  return numbers;
}

const decoder = new TextDecoder();

export function stringOf(bytes: Uint8Array, field: Field): string {
  return decoder.decode(bytes.subarray(field.payload, field.end));
}

const encoder = new TextEncoder();

/** Encodes a message field by field. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }

  #varint(value: number): this {
    const out: number[] = [];
    let rest = value;
    do {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      out.push(rest > 0 ? low | 0x80 : low);
    } while (rest > 0);
    return this.#push(Uint8Array.from(out));
  }

  /** A non-negative integer. */
  int(field: number, value: number): this {
    return this.#varint(field * 8).#varint(value);
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#varint(field * 8 + 2)
      .#varint(value.length)
      .#push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: MessageWriter): this {
    this.#varint(field * 8 + 2).#varint(value.length);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** Bytes that are fields already. */
  raw(value: Uint8Array): this {
    return this.#push(value);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return joinBytes(this.#parts);
  }
}
