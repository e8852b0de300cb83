// JupyterLab opens the page of lessons without starting a kernel: there is no code in it.
// This is a prebuilt extension that needs no building: JupyterLab asks the object below for its plugin.
(() => {
  const plugin = {
    id: 'tricknet-index:plugin',
    autoStart: true,
    activate: ({ docRegistry }) => {
      const usual = docRegistry.getKernelPreference.bind(docRegistry);
      docRegistry.getKernelPreference = (path, ...more) => {
        const preference = usual(path, ...more);
        return preference && path.endsWith('notebooks/index.ipynb') ? { ...preference, shouldStart: false } : preference;
      };
    }
  };

  const container = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
  (window._JUPYTERLAB ??= {})['tricknet-index'] = container;
})();
