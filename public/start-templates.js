// Starts the program that makes prompts of chat templates, in a worker of the Web Worker's. As in
// start-worker.js, all files are asked for with the build's version.
const version = self.location.search;
importScripts(`./templates.js${version}`);
// What is thrown outside of a promise is told to whoever started this.
wasm_bindgen({ module_or_path: `./templates_bg.wasm${version}` }).catch((reason) => {
  setTimeout(() => {
    throw reason;
  });
});
