// Starts the program in the Web Worker. The page adds the build's version to this script's address,
// and the files are asked for with the same, so that no cache mixes two builds.
const version = self.location.search;
importScripts(`./worker.js${version}`);
// A promise that fails in a worker is told to nobody.
wasm_bindgen({ module_or_path: `./worker_bg.wasm${version}` }).catch((reason) => {
  postMessage(JSON.stringify({ id: null, reply: { broke: String(reason) } }));
});
