import { LearningApiError } from "@agent-learning/react/query";
import type { JSX } from "react";
import { Button } from "./button.tsx";
import "./error-note.css";

/** What went wrong in the server's own words, each refused field, and a way to try again. */
export function ErrorNote({
  error,
  retry,
}: {
  error: unknown;
  retry?: (() => void) | undefined;
}): JSX.Element {
  const message = error instanceof Error ? error.message : "Something unexpected happened.";
  const fields = LearningApiError.isInstance(error) ? error.errors : [];
  return (
    <div className="error-note" role="alert">
      <p>
        <span aria-hidden="true">✕ </span>
        {message}
      </p>
      {fields.length === 0 ? null : (
        <ul>
          {fields.map((field) => (
            <li key={field.path + field.message}>
              <code>{field.path}</code> {field.message}
            </li>
          ))}
        </ul>
      )}
      {retry === undefined ? null : <Button onClick={retry}>Try again</Button>}
    </div>
  );
}
