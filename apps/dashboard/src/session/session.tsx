import { LearningApiError, LearningProvider } from "@agent-learning/react/query";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, type ReactNode, useEffect, useSyncExternalStore } from "react";
import { ErrorNote } from "../components/error-note.tsx";
import { SignIn } from "./sign-in.tsx";
import { keyStore } from "./key-store.ts";
import { readIdentity } from "./read-identity.ts";
import { SessionContext } from "./session-context.ts";

function SignedIn({ apiKey, children }: { apiKey: string; children: ReactNode }): JSX.Element | null {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["session", apiKey.slice(-8)],
    queryFn: () => readIdentity(apiKey),
    staleTime: 300_000,
    retry: (failures, cause) =>
      failures < 3 && !(LearningApiError.isInstance(cause) && cause.status < 500 && cause.status > 0),
  });
  // A key that is revoked while the page is open ends the session at the next answer.
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        const failure: unknown = query.state.error;
        if (LearningApiError.isInstance(failure) && failure.status === 401) keyStore.clear();
      }),
    [queries],
  );
  useEffect(() => () => queries.clear(), [queries]);
  if (data !== undefined) return <SessionContext value={data}>{children}</SessionContext>;
  return error === null ? null : (
    <div className="page">
      <ErrorNote error={error} retry={() => void refetch()} />
    </div>
  );
}

/** The sign-in page until there is a key, then the application. */
export function Session({ children }: { children: ReactNode }): JSX.Element {
  const key = useSyncExternalStore(keyStore.subscribe, keyStore.get);
  if (key === undefined) return <SignIn />;
  return (
    <LearningProvider apiKey={key}>
      <SignedIn key={key} apiKey={key}>
        {children}
      </SignedIn>
    </LearningProvider>
  );
}
