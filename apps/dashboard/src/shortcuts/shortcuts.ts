import { useEffect, useRef } from "react";

/** One key of a page: `a`, `Shift+Enter`, or two in a row: `g d`. */
export interface Shortcut {
  keys: string;
  /** What it does, for the sheet. */
  label: string;
  run: () => void;
  /** Also while typing: for keys with Ctrl or Cmd. */
  whileTyping?: boolean;
}

interface Group {
  title: string;
  shortcuts: readonly Shortcut[];
}

const SEQUENCE_MILLISECONDS = 1_000;
const groups = new Set<{ current: Group }>();
let pending: { key: string; at: number } | undefined;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !["range", "checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function nameOf(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return control + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

function find(keys: string, typing: boolean): Shortcut | undefined {
  // The newest group comes first: what lies on top answers.
  for (const group of [...groups].reverse()) {
    const found = group.current.shortcuts.find(
      (one) => one.keys === keys && (!typing || one.whileTyping === true),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  // A dialog has the keyboard for itself.
  if (document.querySelector("dialog[open]") !== null) return;
  const typing = isTyping(event.target);
  const name = nameOf(event);
  const first =
    pending !== undefined && event.timeStamp - pending.at < SEQUENCE_MILLISECONDS ? pending.key : undefined;
  pending = undefined;
  const shortcut = (first === undefined ? undefined : find(`${first} ${name}`, typing)) ?? find(name, typing);
  if (shortcut !== undefined) {
    event.preventDefault();
    shortcut.run();
  } else if (!typing && name.length === 1) pending = { key: name, at: event.timeStamp };
}

/** Listens for keys while mounted. Nothing fires while somebody types, except where a shortcut says so. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group = useRef<Group>({ title, shortcuts });
  useEffect(() => {
    group.current = { title, shortcuts };
  });
  useEffect(() => {
    if (groups.size === 0) document.addEventListener("keydown", handle);
    groups.add(group);
    return () => {
      groups.delete(group);
      if (groups.size === 0) document.removeEventListener("keydown", handle);
    };
  }, []);
}

/** Every shortcut that works now, by group, the page's own first. */
export function activeShortcuts(): Group[] {
  return [...groups]
    .map(({ current }) => current)
    .filter(({ shortcuts }) => shortcuts.length > 0)
    .reverse();
}
