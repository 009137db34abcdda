export type ThemeChoice = "system" | "light" | "dark";

const STORAGE_KEY = "agent-learning.theme";

export function readTheme(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

/** Keeps the choice; `theme.js` applies it. */
export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    return;
  }
  dispatchEvent(new Event("agent-learning:theme"));
}
