// The reader's own folder images/, which the kernel has. lessons/lab/lab.py answers.

/** @import { Kernel } from '../figure.js' */
/** @import { Run } from './machine.js' */

/** @type {(kernel: Kernel, wait: (words: string) => void) => any} */
export const folderOf = (kernel, wait) => ({
  /** @returns {Promise<string[]>} The names of the pictures in it. */
  names: async () => (await kernel(wait, { kind: 'pictures' }))[0].names,
  /** @type {(name: string) => Promise<Uint8ClampedArray>} */
  async load(name) {
    const [, [bytes]] = await kernel(wait, { kind: 'picture', name });
    return new Uint8ClampedArray(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  },
  /** @type {(rgb: Uint8ClampedArray, name: string) => Promise<{kept: string, words: string}>} Exactly, under a free name. */
  save: async (rgb, name) => (await kernel(wait, { kind: 'save', name }, [rgb]))[0],
  /** @type {(run: Partial<Run>, start: Uint8ClampedArray) => Promise<unknown>} The kernel is asked for steps from now on. */
  begin: ({ kind: way, target, epsilon }, start) => kernel(wait, { kind: 'begin', way, target, epsilon }, [start]),
  /** It has the run's result then, as `lab.trick`. @type {(frames: number) => Promise<unknown>} */
  end: (frames) => kernel(wait, { kind: 'end', frames }),
});
