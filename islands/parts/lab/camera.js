// A picture from the camera, if the reader lets it: the video stays in this page, and the camera is off afterwards.

const NONE =
  'There is no camera that this page may use. Close whatever else is using the camera, or allow it in the settings ' +
  'of your browser; or choose a picture instead.';

/** Is there a way to a camera? Without https there is none. */
export const available = Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * What the camera sees when the reader takes a picture; null for none.
 * @param {HTMLDialogElement} dialog It has a <video>, and a button whose value is "take".
 * @returns {Promise<ImageBitmap | null>}
 */
export async function photograph(dialog) {
  const video = { facingMode: 'environment', width: { ideal: 960 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video }).catch(() => {
    throw new Error(NONE);
  });
  const seen = /** @type {HTMLVideoElement} */ (dialog.querySelector('video'));
  try {
    seen.srcObject = stream;
    await seen.play();
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'take' ? await createImageBitmap(seen) : null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    seen.srcObject = null;
    dialog.returnValue = '';
  }
}
