import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page and the learning server share an origin: the widget needs neither an address nor a token.
export default defineConfig({
  plugins: [react()],
  resolve: { dedupe: ["react", "react-dom", "@tanstack/react-query"] },
  server: { proxy: { "/api/learning": "http://127.0.0.1:8000" } },
});
