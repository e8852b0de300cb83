// A picture from the camera, if the reader lets it: what is seen stays in this page, and the camera is off afterwards.
import { the } from './view.js';

const NONE =
  'There is no camera that this page may use. Close whatever else is using the camera, or allow it in the settings ' +
  'of your browser; or choose a picture instead.';

/** Is there a way to a camera? Without https there is none. */
export const available = Boolean(navigator.mediaDevices?.getUserMedia);

/** @type {() => Promise<ImageBitmap | null>} What the camera sees when the reader takes a picture; null for none. */
export async function photograph() {
  const video = { facingMode: 'environment', width: { ideal: 960 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video }).catch(() => {
    throw new Error(NONE);
  });
  const dialog = /** @type {HTMLDialogElement} */ (the('camera-dialog'));
  try {
    the('video').srcObject = stream;
    await the('video').play();
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'take' ? await createImageBitmap(the('video')) : null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    the('video').srcObject = null;
    dialog.returnValue = '';
  }
}
