import { Link, Outlet, useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { type JSX, useEffect, useState } from "react";
import { AgentPicker } from "../agents/agent-picker.tsx";
import { Button, Key } from "../components/button.tsx";
import { Toasts } from "../components/toast.tsx";
import { keyStore } from "../session/key-store.ts";
import { includesRole, useSession } from "../session/session-context.ts";
import { type Shortcut, useShortcuts } from "../shortcuts/shortcuts.ts";
import { SECTIONS } from "./navigation.ts";
import { Search } from "./search.tsx";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import "./shell.css";

type Overlay = "search" | "sheet" | undefined;

function useGlobalShortcuts(open: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  const router = useRouter();
  const go: Shortcut[] = SECTIONS.flatMap(({ destinations }) => destinations).map(({ to, key, label }) => ({
    keys: `g ${key}`,
    label: `Go to ${label.toLowerCase()}`,
    run: () => void navigate({ to: to as string }),
  }));
  useShortcuts("Everywhere", [
    { keys: "/", label: "Search", run: () => open("search") },
    { keys: "Ctrl+k", label: "Search", whileTyping: true, run: () => open("search") },
    { keys: "?", label: "This sheet", run: () => open("sheet") },
    {
      keys: "Escape",
      label: "Go back",
      run: () => {
        if (router.history.canGoBack()) router.history.back();
      },
    },
    ...go,
  ]);
}

function Navigation(): JSX.Element {
  const { role } = useSession();
  return (
    <nav aria-label="Main">
      {SECTIONS.map(({ title, destinations }) => (
        <div key={title} className="nav-section">
          {title === "" ? null : <p className="nav-title">{title}</p>}
          <ul>
            {destinations
              .filter(({ needs }) => needs === undefined || includesRole(role, needs))
              .map(({ to, label }) => (
                <li key={label}>
                  <Link
                    to={to as string}
                    activeOptions={{ exact: to === "/", includeSearch: false }}
                    className="nav-link"
                  >
                    {label}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Account(): JSX.Element {
  const { displayName, role, organization } = useSession();
  return (
    <div className="account">
      <div className="grow">
        <p className="clip strong">{displayName ?? "Unnamed"}</p>
        <p className="clip small faint" title={organization.name}>
          {role} · {organization.name}
        </p>
      </div>
      <Button kind="quiet" onClick={() => keyStore.clear()}>
        Sign out
      </Button>
    </div>
  );
}

/** What stands around every page: the loop as navigation, the agent, search and help. */
export function Shell(): JSX.Element {
  const [overlay, setOverlay] = useState<Overlay>();
  const [menu, setMenu] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useGlobalShortcuts(setOverlay);
  useEffect(() => setMenu(false), [path]);
  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <header className="bar">
        <Button
          kind="quiet"
          className="menu-button"
          aria-expanded={menu}
          aria-controls="sidebar"
          onClick={() => setMenu(!menu)}
        >
          ☰<span className="visually-hidden">Menu</span>
        </Button>
        <Link to="/" className="brand" aria-label="Agent Learning">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          <span>Agent Learning</span>
        </Link>
        <div className="grow">
          <AgentPicker />
        </div>
        <button type="button" className="search-button" onClick={() => setOverlay("search")}>
          <span>Search</span>
          <Key name="/" />
        </button>
        <Button
          kind="quiet"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => setOverlay("sheet")}
        >
          ?
        </Button>
        <ThemeSwitch />
      </header>
      <aside id="sidebar" className={menu ? "sidebar open" : "sidebar"}>
        <Navigation />
        <Account />
      </aside>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      {overlay === "search" ? <Search onClose={() => setOverlay(undefined)} /> : null}
      {overlay === "sheet" ? <ShortcutSheet onClose={() => setOverlay(undefined)} /> : null}
      <Toasts />
    </div>
  );
}
