import { type FormEvent, type JSX, useState } from "react";
import { Button } from "../components/button.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Field } from "../components/field.tsx";
import { keyStore } from "./key-store.ts";
import { readIdentity } from "./read-identity.ts";
import "./sign-in.css";

const NOT_A_PERSON = new Error(
  "This key belongs to a machine. Sign in with a key of your own, so that what you decide bears your name.",
);

/** Sign-in by a person's key. */
export function SignIn(): JSX.Element {
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const identity = await readIdentity(key.trim());
      if (identity.kind === "user") keyStore.set(key.trim());
      else setError(NOT_A_PERSON);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <title>Sign in · Agent Learning</title>
      <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>Sign in to Agent Learning</h1>
        <Field
          label="Your key"
          help={
            <>
              It begins with <code>als_uk_</code>. The first <code>npm start</code> printed the admin’s, and{" "}
              <code>npm run demo</code> prints one when it is done; an admin makes keys for everybody else. It
              stays in this tab and is forgotten when the tab closes.
            </>
          }
        >
          {(id) => (
            <input
              id={id}
              type="password"
              autoComplete="current-password"
              spellCheck={false}
              autoFocus
              required
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        {error === undefined ? null : <ErrorNote error={error} />}
        <Button kind="primary" type="submit" busy={busy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
