import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Page } from "../components/page.tsx";

export function NotFound(): JSX.Element {
  return (
    <Page title="No such page">
      <Card>
        <EmptyState title="Nothing is at this address">
          Press <kbd className="key">/</kbd> to search, or go to the <Link to="/">overview</Link>.
        </EmptyState>
      </Card>
    </Page>
  );
}
