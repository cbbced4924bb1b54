import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const PAGE = resolve(import.meta.dirname, "../src/storyloom/page");
const COMPRESSED = /\.(js|css|svg)$/;
const SMALL = 1024;

/** Compresses each file once, when it is built, so that the server sends bytes as they lie there. */
function compressed(): Plugin {
  return {
    name: "storyloom-compressed",
    apply: "build",
    async closeBundle() {
      const files = await readdir(PAGE, { recursive: true });
      await Promise.all(files.filter((name) => COMPRESSED.test(name)).map(compress));
    },
  };
}

async function compress(name: string): Promise<void> {
  const path = join(PAGE, name);
  const bytes = await readFile(path);
  if (bytes.length < SMALL) return;
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

export default defineConfig({
  base: "/studio/",
  plugins: [react(), compressed()],
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  html: { cspNonce: "__STORYLOOM_NONCE__" },
  build: {
    outDir: PAGE,
    emptyOutDir: true,
    target: "es2022",
    // Fonts and pictures stay files: the policy of the page lets no others in.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  server: {
    // `npm run dev` beside `storyloom serve`: pages of this machine may call it in development.
    proxy: Object.fromEntries(
      ["/v1", "/api", "/storyboard", "/docs", "/openapi.json", "/version"].map((path) => [
        path,
        { target: "http://127.0.0.1:8000" },
      ]),
    ),
  },
});
