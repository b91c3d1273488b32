import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `/engine/` (the .NET engine, published into public/engine by ./parley) is copied as it is: its loader finds its own parts.
// Nothing may be inlined as data: or blob:, since the pages run under a content security policy of 'self' only.
export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    sourcemap: false,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: process.env.PARLEY_SERVER ?? 'http://127.0.0.1:8080', ws: true } } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', setupFiles: [] },
});
