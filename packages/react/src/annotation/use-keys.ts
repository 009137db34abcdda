"use client";
import { useEffect, useRef } from "react";

/** One key, what it does, and its line on the sheet. */
export interface KeyBinding {
  key: string;
  label: string;
  run: () => void;
}

const TYPING = "textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])";

/** Runs bindings on single keys; never while somebody types, with a modifier, or with a dialog open. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
      if (target instanceof Element && target.closest(TYPING) !== null) {
        if (key === "Escape" && target instanceof HTMLElement) target.blur();
        return;
      }
      if (document.querySelector("dialog[open]") !== null) return;
      const binding = current.current.find((each) => each.key === key);
      if (binding === undefined) return;
      event.preventDefault();
      binding.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
