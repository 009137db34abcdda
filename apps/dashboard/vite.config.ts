import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// No content is inlined as data: or blob: addresses, since the server's policy allows neither.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": "http://127.0.0.1:8000" }, host: "127.0.0.1" },
  build: {
    outDir: "../../packages/server/dashboard",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    reportCompressedSize: false,
  },
});
