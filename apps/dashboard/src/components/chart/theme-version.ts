import { useSyncExternalStore } from "react";

let version = 0;

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(() => {
    version += 1;
    listener();
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** Changes when the theme does: what is drawn on a canvas has to be drawn again. */
export function useThemeVersion(): number {
  return useSyncExternalStore(subscribe, () => version);
}

/** The present value of a token: `--accent`. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
