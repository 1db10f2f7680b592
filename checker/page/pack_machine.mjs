// SPDX-License-Identifier: BSD-2-Clause
// Puts the machine's WebAssembly into its script, deflated: node pack_machine.mjs SCRIPT WASM OUT. A browser inflates it
// itself; a page with the bytes as they are is three times as large.
import { readFileSync, writeFileSync } from 'node:fs';
import { constants, deflateSync } from 'node:zlib';

const [script, wasm, out] = process.argv.slice(2);
const packed = deflateSync(readFileSync(wasm), { level: constants.Z_BEST_COMPRESSION }).toString('base64');
writeFileSync(out, `${readFileSync(script, 'utf8')}
CustodyMachine = ((make) => async (options) => {
  const packed = Uint8Array.from(atob('${packed}'), (c) => c.charCodeAt(0));
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return make({ ...options, wasmBinary: await new Response(bytes).arrayBuffer() });
})(CustodyMachine);
`);
