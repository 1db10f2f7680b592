// SPDX-License-Identifier: BSD-2-Clause
// Puts the machine's WebAssembly, which zopfli deflated, into its script: node pack_machine.mjs SCRIPT WASM.zlib OUT. A
// browser inflates it itself; a page with the bytes as they are is three times as large.
import { readFileSync, writeFileSync } from 'node:fs';

const [script, wasm, out] = process.argv.slice(2);
const packed = readFileSync(wasm).toString('base64');
writeFileSync(out, `${readFileSync(script, 'utf8')}
CustodyMachine = ((make) => async (options) => {
  const packed = Uint8Array.from(atob('${packed}'), (c) => c.charCodeAt(0));
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return make({ ...options, wasmBinary: await new Response(bytes).arrayBuffer() });
})(CustodyMachine);
`);
