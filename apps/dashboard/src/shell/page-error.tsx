import type { ErrorComponentProps } from "@tanstack/react-router";
import type { JSX } from "react";
import { ErrorNote } from "../components/error-note.tsx";
import { Page } from "../components/page.tsx";

/** A page broke: the rest of the application still works. */
export function PageError({ error, reset }: ErrorComponentProps): JSX.Element {
  return (
    <Page title="This page broke">
      <ErrorNote error={error} retry={reset} />
    </Page>
  );
}
