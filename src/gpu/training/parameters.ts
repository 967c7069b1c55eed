import {
  type BlockShape,
  type EncoderShape,
  embeddingBlock,
  embeddingWidth,
  layerBlock,
  type ParameterShape,
  sizeOf,
  wordTable,
} from '../../base/bertShape.ts';
import { type BufferArena, bindingLimit } from '../buffers.ts';
import type { DeviceSession } from '../deviceSession.ts';
import type { Binding } from '../recorder.ts';

/** Named float32 values, as `readSafetensors` gives them. */
export type NamedValues = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>;

interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** What is kept of each parameter: AdamW's moments beside the weights and the gradient of this step. */
export const roles = ['weights', 'gradient', 'mean', 'square'] as const;
export type Role = (typeof roles)[number];

/** Floats: a part of a buffer can be bound from a multiple of 256 bytes on. */
export const blockAlignment = 64;

interface Place extends ParameterShape {
  /** Floats from the buffer's beginning. */
  readonly at: number;
}

/** Buffers of one block, all laid out alike; what weight decay holds for comes first. */
export class Block {
  readonly label: string;
  readonly count: number;
  readonly decayed: number;
  readonly places: readonly Place[];
  readonly #tensors = new Map<string, { at: number; size: number }>();
  readonly buffers: Readonly<Record<Role, GPUBuffer>>;

  constructor(arena: BufferArena, { label, decayed, undecayed }: BlockShape) {
    this.label = label;
    const places: Place[] = [];
    let at = 0;
    let decayedEnd = 0;
    for (const [index, { key, parts }] of [...decayed, ...undecayed].entries()) {
      const start = at;
      for (const part of parts) {
        places.push({ ...part, at });
        at += sizeOf(part.shape);
      }
      this.#tensors.set(key, { at: start, size: at - start });
      at = Math.ceil(at / blockAlignment) * blockAlignment;
      if (index < decayed.length) decayedEnd = at;
    }
    this.count = at;
    this.decayed = decayedEnd;
    this.places = places;
    const made = roles.map((role) => [role, arena.storage(`${label}, ${role}`, 4 * at)] as const);
    this.buffers = Object.fromEntries(made) as Record<Role, GPUBuffer>;
  }

  buffer(role: Role): GPUBuffer {
    return this.buffers[role];
  }

  binding(role: Role, key: string): Binding {
    const { at, size } = this.#tensor(key);
    return { buffer: this.buffers[role], offset: 4 * at, size: 4 * size };
  }

  #tensor(key: string): { at: number; size: number } {
    const found = this.#tensors.get(key);
    if (!found) throw new Error(`${this.label} has no ${key}.`);
    return found;
  }
}

/** Rows of the word table that lie in one set of buffers, which may be smaller than the table. */
export interface WordPage {
  readonly firstRow: number;
  readonly rows: number;
  readonly buffers: Readonly<Record<Exclude<Role, 'gradient'>, GPUBuffer>>;
}

/** All parameters of an encoder on the device. The word table's gradient is by the rows touched; see words.ts. */
export class Parameters {
  readonly shape: EncoderShape;
  readonly embeddings: Block;
  readonly layers: readonly Block[];
  readonly pages: readonly WordPage[];
  readonly #session: DeviceSession;
  readonly #arena: BufferArena;

  /** @param pageBytes largest buffer of a word page; only tests give less than the device binds */
  constructor(session: DeviceSession, shape: EncoderShape, pageBytes = bindingLimit(session.device)) {
    this.#session = session;
    this.#arena = session.arena();
    this.shape = shape;
    this.embeddings = new Block(this.#arena, embeddingBlock(shape));
    this.layers = Array.from(
      { length: shape.layers },
      (_, layer) => new Block(this.#arena, layerBlock(shape, layer)),
    );
    const width = embeddingWidth(shape);
    const rowsAPage = Math.max(1, Math.floor(pageBytes / (4 * width)));
    const pages: WordPage[] = [];
    for (let firstRow = 0; firstRow < shape.vocabulary; firstRow += rowsAPage) {
      const rows = Math.min(rowsAPage, shape.vocabulary - firstRow);
      const buffer = (role: Role): GPUBuffer =>
        this.#arena.storage(`words from ${firstRow}, ${role}`, 4 * rows * width);
      pages.push({
        firstRow,
        rows,
        buffers: { weights: buffer('weights'), mean: buffer('mean'), square: buffer('square') },
      });
    }
    this.pages = pages;
  }

  get blocks(): readonly Block[] {
    return [this.embeddings, ...this.layers];
  }

  /** Bytes of the buffers in all. */
  get bytes(): number {
    const blocks = this.blocks.reduce((sum, { count }) => sum + 16 * count, 0);
    return blocks + 12 * this.shape.vocabulary * embeddingWidth(this.shape);
  }

  /**
   * Puts values where they belong.
   * @throws Error naming a parameter that is missing or of another shape
   */
  write(role: Exclude<Role, 'gradient'>, values: NamedValues): void {
    const valuesOf = ({ name, shape }: ParameterShape): Float32Array<ArrayBuffer> => {
      const found = values.get(name);
      if (!found || found.data.length !== sizeOf(shape)) {
        const has = found ? `has the shape [${found.shape.join(', ')}]` : 'is missing';
        throw new Error(`${name} ${has}; the encoder needs [${shape.join(', ')}].`);
      }
      return found.data as Float32Array<ArrayBuffer>;
    };
    const { queue } = this.#session.device;
    for (const block of this.blocks) {
      for (const place of block.places) queue.writeBuffer(block.buffer(role), 4 * place.at, valuesOf(place));
    }
    const width = embeddingWidth(this.shape);
    const words = valuesOf({ name: wordTable, shape: [this.shape.vocabulary, width] });
    for (const { firstRow, rows, buffers } of this.pages) {
      queue.writeBuffer(buffers[role], 0, words, firstRow * width, rows * width);
    }
  }

  /** All parameters as the host has them, by the hub's names. */
  async read(role: Exclude<Role, 'gradient'>): Promise<Map<string, HostTensor>> {
    const { vocabulary } = this.shape;
    const width = embeddingWidth(this.shape);
    const words = new Float32Array(vocabulary * width);
    for (const { firstRow, rows, buffers } of this.pages) {
      words.set(new Float32Array(await this.#session.read(buffers[role]), 0, rows * width), firstRow * width);
    }
    return new Map([
      [wordTable, { shape: [vocabulary, width], data: words }],
      ...(await this.readBlocks(role)),
    ]);
  }

  /** Like {@link read}, without the word table. */
  async readBlocks(role: Role): Promise<Map<string, HostTensor>> {
    const out = new Map<string, HostTensor>();
    for (const block of this.blocks) {
      const all = new Float32Array(await this.#session.read(block.buffer(role)));
      for (const { name, shape, at } of block.places) {
        out.set(name, { shape, data: all.slice(at, at + sizeOf(shape)) });
      }
    }
    return out;
  }

  destroy(): void {
    this.#arena.dispose();
  }
}
