import { useMembers, useUpdateMember } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { Member, Role } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { useMay, useSession } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { AddMemberDialog } from "./add-member-dialog.tsx";
import { IssueCategories } from "./issue-categories.tsx";
import { ROLES } from "./roles.ts";
import { PersonalData } from "./personal-data.tsx";

/** Who works here, with what role; what users may complain of; what is known of a person. */
export function Organization(): JSX.Element {
  const list = useMembers({ limit: 200 });
  const may = useMay("admin");
  const { userId, organization } = useSession();
  const [adding, setAdding] = useState(false);
  useShortcuts("Members", may ? [{ keys: "c", label: "Add a member", run: () => setAdding(true) }] : []);
  const columns: readonly Column<Member>[] = [
    {
      title: "Member",
      width: "minmax(0, 2fr)",
      render: (row) => (
        <>
          {row.displayName ?? "Unnamed"} {row.userId === userId ? <span className="faint">(you)</span> : null}
        </>
      ),
    },
    { title: "E-mail", width: "minmax(0, 1fr)", wideOnly: true, render: (row) => row.email ?? "" },
    {
      title: "Role",
      width: "minmax(108px, 150px)",
      render: (row) =>
        may && row.revokedAt === null && row.userId !== userId ? (
          <RoleChoice member={row} />
        ) : row.revokedAt === null ? (
          humanise(row.role)
        ) : (
          <Badge tone="neutral">Gone</Badge>
        ),
    },
    {
      title: "Since",
      width: "96px",
      align: "end",
      wideOnly: true,
      render: (row) => <RelativeTime time={row.createdAt} />,
    },
    ...(may
      ? [
          {
            title: "Access",
            width: "72px",
            align: "end" as const,
            render: (row: Member) => (row.userId === userId ? null : <Access member={row} />),
          },
        ]
      : []),
  ];
  const present = list.data?.filter(({ revokedAt }) => revokedAt === null).length ?? 0;
  return (
    <ListPage
      title="Members and roles"
      lead={
        list.data === undefined
          ? " "
          : `${plural(present, "person works", "people work")} in ${organization.name}. ${Object.entries(
              ROLES,
            )
              .map(([role, what]) => `${humanise(role)}: ${what}`)
              .join("; ")}.`
      }
      actions={
        may ? (
          <Button kind="primary" hint="c" onClick={() => setAdding(true)}>
            Add a member
          </Button>
        ) : undefined
      }
      list={list}
      columns={columns}
      rowKey={(row) => row.userId}
      empty={<EmptyState title="Nobody yet">Add the people who annotate and review.</EmptyState>}
    >
      <IssueCategories />
      {may ? <PersonalData /> : null}
      {adding ? <AddMemberDialog onClose={() => setAdding(false)} /> : null}
    </ListPage>
  );
}

function RoleChoice({ member }: { member: Member }): JSX.Element {
  const update = useUpdateMember();
  return (
    <select
      aria-label={`Role of ${member.displayName ?? "this member"}`}
      value={member.role}
      disabled={update.isPending}
      onChange={(event) =>
        update.mutate(
          { userId: member.userId, role: event.target.value as Role },
          {
            onSuccess: ({ displayName, role }) => toast(`${displayName ?? "The member"} is ${role} now.`),
            onError: toastError,
          },
        )
      }
    >
      {Object.keys(ROLES).map((role) => (
        <option key={role} value={role}>
          {humanise(role)}
        </option>
      ))}
    </select>
  );
}

function Access({ member }: { member: Member }): JSX.Element {
  const update = useUpdateMember();
  const gone = member.revokedAt !== null;
  const name = member.displayName ?? "this member";
  return (
    <Button
      kind="quiet"
      busy={update.isPending}
      aria-label={gone ? `Let ${name} in again` : `Revoke the access of ${name}`}
      onClick={() =>
        update.mutate(
          { userId: member.userId, revoked: !gone },
          {
            onSuccess: () => toast(gone ? `${name} has access again.` : `${name} has no access any more.`),
            onError: toastError,
          },
        )
      }
    >
      {gone ? "Let in" : "Revoke"}
    </Button>
  );
}
