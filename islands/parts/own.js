// The reader's own picture, which this browser keeps (IndexedDB), so that every page finds it. It never leaves the device.

/**
 * Pictures are RGB, 224 x 224 x 3. after: what it became, once it is tricked; says: what the network calls both, such as
 * "coffee mug 81.2%".
 * @typedef {{name: string, rgb: Uint8ClampedArray, after?: Uint8ClampedArray, says?: [string, string]}} Own
 */

const NAME = 'own'; // of the database, of its one store, and of the one picture in it

/** @type {(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest) => Promise<any>} */
const inside = (mode, work) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME);
    opening.onupgradeneeded = () => opening.result.createObjectStore(NAME);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(NAME, mode);
      const request = work(transaction.objectStore(NAME));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      opening.result.close(); // once that is done
    };
  });

/** Keep this picture in place of the last, or none. False where a browser stores nothing. @type {(own?: Own) => Promise<boolean>} */
export const keep = (own) =>
  inside('readwrite', (store) => (own ? store.put(own, NAME) : store.delete(NAME))).then(
    () => true,
    () => false,
  );

/** What was kept, if anything. @type {() => Promise<Own | undefined>} */
export const kept = () => inside('readonly', (store) => store.get(NAME)).catch(() => undefined);
