import { type JSX, useState } from "react";
import { Button } from "../components/button.tsx";
import { chooseTheme, readTheme, type ThemeChoice } from "./theme.ts";

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const SIGNS: Record<ThemeChoice, string> = { system: "◐", light: "☀", dark: "☾" };

/** System, light, dark. */
export function ThemeSwitch(): JSX.Element {
  const [choice, setChoice] = useState(readTheme);
  return (
    <Button
      kind="quiet"
      aria-label={`Theme: ${choice}`}
      title={`Theme: ${choice}`}
      onClick={() => {
        const next = NEXT[choice];
        chooseTheme(next);
        setChoice(next);
      }}
    >
      <span aria-hidden="true">{SIGNS[choice]}</span>
    </Button>
  );
}
