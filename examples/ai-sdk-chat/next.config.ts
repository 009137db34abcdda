import type { NextConfig } from "next";

// The page and the learning server share an origin: the widget needs neither an address nor a token.
const config: NextConfig = {
  rewrites: async () => [
    { source: "/api/learning/:path*", destination: "http://127.0.0.1:8000/api/learning/:path*" },
  ],
};

export default config;
