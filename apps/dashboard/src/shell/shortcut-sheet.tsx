import { type JSX, useState } from "react";
import { Dialog } from "../components/dialog.tsx";
import { activeShortcuts } from "../shortcuts/shortcuts.ts";
import "./shortcut-sheet.css";

/** Every key that works on this page. */
export function ShortcutSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const [groups] = useState(activeShortcuts);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      {groups.map(({ title, shortcuts }) => (
        <section key={title} className="stack-tight">
          <h3>{title}</h3>
          <dl className="shortcut-list">
            {shortcuts.map(({ keys, label }) => (
              <div key={keys}>
                <dt>
                  {keys.split(" ").map((key) => (
                    <kbd key={key} className="key">
                      {key === "Escape" ? "Esc" : key}
                    </kbd>
                  ))}
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
