import { createLearningQueryClient } from "@agent-learning/react/query";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./router.tsx";
import { keyStore } from "./session/key-store.ts";
import { prefetchFirstView } from "./session/prefetch-first-view.ts";
import { Session } from "./session/session.tsx";
import "./styles/tokens.css";
import "./styles/base.css";

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");

const queries = createLearningQueryClient();
const key = keyStore.get();
if (key !== undefined) prefetchFirstView(queries, key);

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Session>
        <RouterProvider router={router} />
      </Session>
    </QueryClientProvider>
  </StrictMode>,
);

// A page that was open while a new version was installed asks for parts that are gone: get the new ones.
addEventListener("vite:preloadError", () => location.reload());
