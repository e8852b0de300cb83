// The runtime's types, for the address that it is served from.
declare module '*/ort.wasm.min.mjs' {
  export * from 'onnxruntime-web';
}
