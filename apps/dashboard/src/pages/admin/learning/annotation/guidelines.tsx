import type { JSX } from "react";

/** What the four dimensions mean, so that two experts mean the same by one number; a queue's own words before that. */
export function Guidelines({ ofQueue }: { ofQueue: string | undefined }): JSX.Element {
  return (
    <details className="guidelines" open={ofQueue !== undefined}>
      <summary>Guidelines</summary>
      {ofQueue === undefined ? null : <p className="small pre guidelines-of-queue">{ofQueue}</p>}
      <ul className="small soft">
        <li>
          <strong>Technical accuracy</strong>: every statement of the expected answer is true. 1.0 nothing to
          correct, 0.7 a slip that misleads nobody, 0.3 a wrong core.
        </li>
        <li>
          <strong>Professional quality</strong>: you would send it to a client in your name.
        </li>
        <li>
          <strong>Completeness</strong>: nothing that the user needs is missing.
        </li>
        <li>
          <strong>Clarity</strong>: the user understands it at the first reading.
        </li>
        <li>
          <strong>Approve</strong> when an agent should learn the expected answer as it stands; correct it
          first where you can. <strong>Reject</strong> what nobody should learn from: unclear inputs, wrong
          corrections, personal data.
        </li>
        <li>Judge what you see, not who wrote it. Pass on what is outside your field, and say why.</li>
      </ul>
    </details>
  );
}
