// The words for numbers.

/** @type {(p: number) => string} */
export const percent = (p) => `${(100 * p).toFixed(1)}%`;

/** @type {(steps: number) => string} */
export const counted = (steps) => `${steps} step${steps === 1 ? '' : 's'}`;

/** @type {(bytes: number) => string} */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
