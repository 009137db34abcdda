import { useOrganization, useUpdateOrganization } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type JSX, useState } from "react";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Field } from "../../components/field.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toast } from "../../components/toast.tsx";
import { useMay } from "../../session/session-context.ts";

/** What users may say is wrong with an answer: the widget offers the active ones. */
export function IssueCategories(): JSX.Element {
  const { data, error } = useOrganization();
  const update = useUpdateOrganization();
  const may = useMay("admin");
  const [label, setLabel] = useState("");
  const categories = data?.issueCategories ?? [];
  const save = (next: typeof categories, done: string): void =>
    update.mutate({ issueCategories: next }, { onSuccess: () => toast(done) });
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const slug = label
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "");
    if (slug === "") return;
    save([...categories, { slug, label: label.trim(), isActive: true }], "Users may choose it from now on.");
    setLabel("");
  };
  return (
    <Card title="Issue categories">
      {error !== null ? (
        <ErrorNote error={error} />
      ) : data === undefined ? (
        <SkeletonText lines={4} />
      ) : (
        <div className="stack">
          <p className="soft">
            What users may say is wrong with an answer, in the order in which they see it.
          </p>
          <ul className="stack-tight">
            {categories.map((one) => (
              <li key={one.slug} className="row-apart">
                <span className="row">
                  <Link to="/feedback" search={{ issue: one.slug }}>
                    {one.label}
                  </Link>
                  <code className="small faint">{one.slug}</code>
                </span>
                {may ? (
                  <label className="check small">
                    <input
                      type="checkbox"
                      checked={one.isActive}
                      disabled={update.isPending}
                      aria-label={`Offer ${one.label}`}
                      onChange={() =>
                        save(
                          categories.map((other) =>
                            other.slug === one.slug ? { ...other, isActive: !one.isActive } : other,
                          ),
                          one.isActive ? "No longer offered; what named it stays." : "Offered again.",
                        )
                      }
                    />
                    Offered
                  </label>
                ) : one.isActive ? null : (
                  <Badge tone="neutral">Not offered</Badge>
                )}
              </li>
            ))}
          </ul>
          {may ? (
            <form className="row" onSubmit={add}>
              <Field label="A further category">
                {(id) => (
                  <input
                    id={id}
                    type="text"
                    required
                    maxLength={64}
                    value={label}
                    onChange={(event) => setLabel(event.target.value)}
                  />
                )}
              </Field>
              <Button type="submit" busy={update.isPending} className="beside-field">
                Add
              </Button>
            </form>
          ) : null}
          {update.error === null ? null : <ErrorNote error={update.error} />}
        </div>
      )}
    </Card>
  );
}
