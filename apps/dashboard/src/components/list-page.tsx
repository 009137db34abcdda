import type { JSX, ReactNode } from "react";
import { Card } from "./card.tsx";
import { Filters, RowCount } from "./filters.tsx";
import { Page } from "./page.tsx";
import { RowTable, type RowTableProps } from "./row-table.tsx";

interface ListPageProps<T> extends Omit<RowTableProps<T>, "label"> {
  title: string;
  trail?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Above the rows, beside their number; a list without filters says in its lead how many there are. */
  filters?: ReactNode;
  /** Between the header and the rows. */
  above?: ReactNode;
  /** After the rows: dialogs, further cards. */
  children?: ReactNode;
}

/** A page that is a list: a sentence, filters, rows. */
export function ListPage<T>({
  title,
  trail,
  lead,
  actions,
  filters,
  above,
  children,
  ...table
}: ListPageProps<T>): JSX.Element {
  const { data, hasNextPage = false } = table.list;
  return (
    <Page title={title} trail={trail} lead={lead} actions={actions}>
      {above}
      <Card flush>
        {filters === undefined ? null : (
          <Filters note={<RowCount rows={data?.length} more={hasNextPage} />}>{filters}</Filters>
        )}
        <RowTable {...table} label={title} />
      </Card>
      {children}
    </Page>
  );
}
