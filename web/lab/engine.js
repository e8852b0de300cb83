// A network's plan (web/plan.py), performed by web/engine/engine.cpp: forward, and backward to the picture.

/** @import { Activations, Answer, Objective } from '../../islands/parts/figure.js' */

/**
 * A plan's description. Offsets are in bytes from the engine's base; stored is in bytes, too; prepare,
 * forward and backward count operations, and so do the layers' operations: what is performed until a layer is done.
 * @typedef {{memory: number, scratch: number, flags: number[], stored: number, operations: number,
 *   prepare: number, forward: number, backward: number, mean: number[], picture: {data: number, slopes: number},
 *   logits: {data: number, slopes: number},
 *   layers: Record<string, {data: number, shape: number[], operations: number}>,
 *   side: number, channels: number, classes: number}} Plan
 */

const STACK = 65_536; // bytes, for each thread

/** @type {(plan: Plan, threads: number) => WebAssembly.Memory} Memory for a plan on this many threads. */
export function memoryFor(plan, threads) {
  const bytes = 2 ** 20 + plan.memory + threads * (plan.scratch + STACK); // the module's own data take less than a MB
  const pages = Math.ceil(bytes / 65_536);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/**
 * One thread: an instance of the module on the memory that all share.
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 * @param {{plan: Plan, me: number, threads: number}} which
 */
export function thread(module, memory, { plan, me, threads }) {
  // powf is what the kernels call where there is no C library.
  const { exports } = new WebAssembly.Instance(module, { env: { memory, powf: Math.pow } });
  const engine = /** @type {any} */ (exports);
  const base = (engine.__heap_base.value + 15) & ~15;
  engine.__stack_pointer.value = base + plan.memory + threads * plan.scratch + (me + 1) * STACK;
  return { engine, base };
}

/** The first thread, which the page's worker asks. */
export class Engine {
  /**
   * @param {WebAssembly.Module} module
   * @param {Plan} plan
   * @param {Uint8Array} file
   * @param {{memory?: WebAssembly.Memory, threads?: number}} [where]
   */
  constructor(module, plan, file, { memory = memoryFor(plan, 1), threads = 1 } = {}) {
    this.plan = plan;
    const { engine, base } = thread(module, memory, { plan, me: 0, threads });
    this.memory = memory;
    this.engine = engine;
    this.base = base;
    this.lanes = engine.lanes(); // channels that lie side by side
    new Uint8Array(memory.buffer, base).set(file.subarray(0, plan.stored));
    new Uint8Array(memory.buffer, base).set(file.subarray(plan.stored), plan.operations);
    engine.prepare(base, plan.memory, plan.scratch, threads);
    this.run(0, plan.prepare);
  }

  /**
   * Operations `first` to `first + count` of the plan.
   * @type {(first: number, count: number) => void}
   */
  run(first, count) {
    this.engine.run(this.base + this.plan.operations, first, count);
  }

  /** @type {(offset: number, count: number) => Float32Array} Numbers in the engine's memory. */
  at(offset, count) {
    return new Float32Array(this.memory.buffer, this.base + offset, count);
  }

  /** @type {(picture: Uint8ClampedArray | Float32Array) => Float32Array} Gives the probabilities. */
  predict(picture) {
    return Float32Array.from(this.forward(picture));
  }

  /** @type {(picture: Uint8ClampedArray | Float32Array, count?: number) => Float64Array} Gives the probabilities. */
  forward(picture, count = this.plan.forward) {
    const { plan, lanes } = this;
    const { channels, mean } = plan;
    const data = this.at(plan.picture.data, (picture.length / channels) * lanes);
    for (let p = 0, from = 0; from < picture.length; p += lanes)
      for (let c = channels - 1; c >= 0; c--, from++) data[p + c] = picture[from] - mean[channels - 1 - c];
    for (const flag of plan.flags) this.at(flag, 1).fill(0);
    this.run(plan.prepare, count);
    return softmax(this.at(plan.logits.data, plan.classes));
  }

  /**
   * What a layer computes from a picture. Each layer's numbers stay where they are until the next picture.
   * @type {(picture: Uint8ClampedArray | Float32Array, layer: string) => Activations}
   */
  activations(picture, layer) {
    const { plan, lanes } = this;
    const { layers } = plan;
    if (layer === 'prob') {
      const values = this.predict(picture);
      return { values, shape: [values.length] };
    }
    if (!Object.hasOwn(layers, layer))
      throw new Error(`No layer is called "${layer}". The layers are: ${Object.keys(layers).join(', ')}, prob.`);
    const { data, shape, operations } = layers[layer];
    this.forward(picture, operations);
    const channels = shape[shape.length - 1];
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    const pixels = values.length / channels;
    const from = this.at(data, pixels * Math.ceil(channels / lanes) * lanes);
    for (let p = 0, to = 0; p < pixels; p++)
      for (let c = 0; c < channels; c++, to++)
        values[to] = from[(Math.floor(c / lanes) * pixels + p) * lanes + (c % lanes)];
    return { values, shape };
  }

  /**
   * Both passes.
   * @type {(picture: Uint8ClampedArray | Float32Array, objective: Objective) => Answer}
   */
  gradient(picture, objective) {
    if (!('slope' in objective || 'target' in objective))
      throw new Error('The site is newer than this page. Load the page again.');
    const { plan, lanes } = this;
    const probabilities = this.forward(picture);
    const slopes = 'slope' in objective ? objective.slope : likelier(probabilities, objective.target);
    this.at(plan.logits.slopes, plan.classes).set(slopes);
    this.run(plan.prepare + plan.forward, plan.backward);
    const gradient = new Float32Array(picture.length);
    const from = this.at(plan.picture.slopes, (picture.length / plan.channels) * lanes);
    for (let p = 0, to = 0; to < gradient.length; p += lanes)
      for (let c = plan.channels - 1; c >= 0; c--, to++) gradient[to] = from[p + c];
    return { probabilities: Float32Array.from(probabilities), gradient };
  }
}

/** @type {(logits: Float32Array) => Float64Array} */
function softmax(logits) {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const raised = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = raised.reduce((a, b) => a + b);
  return raised.map((one) => one / sum);
}

/**
 * d log P(target) / d logits: less for all others, by their probabilities, and as much more for the target. (There it is
 * 1 - P(target), too, but that would be 0 where the network is sure.)
 * @type {(probabilities: Float64Array, target: number) => Float64Array}
 */
function likelier(probabilities, target) {
  const slopes = probabilities.map((p, i) => (i === target ? 0 : -p));
  slopes[target] = -slopes.reduce((sum, slope) => sum + slope);
  return slopes;
}
