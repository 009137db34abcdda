import { Link, type LinkProps } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  type JSX,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { ErrorNote } from "./error-note.tsx";
import { Skeleton } from "./skeleton.tsx";
import "./row-table.css";

export interface Column<T> {
  title: string;
  /** Track of the grid: `120px`, `minmax(0, 2fr)`. */
  width: string;
  align?: "end";
  /** Left out below 720 px. */
  wideOnly?: boolean;
  render: (row: T) => ReactNode;
}

/** What a list hook of `@agent-learning/react` gives. */
export interface ListState<T> {
  data: T[] | undefined;
  error: unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
  refetch?: () => unknown;
}

export interface RowTableProps<T> {
  /** What the rows are, for screen readers. */
  label: string;
  list: ListState<T>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  /** Where a row leads; its first cell is the link. */
  rowLink?: ((row: T) => LinkProps | undefined) | undefined;
  /** In place of rows when there are none. */
  empty: ReactNode;
}

const ROW_HEIGHT = 44;
const SKELETON_ROWS = 8;
const AHEAD = 20;

function template<T>(columns: readonly Column<T>[]): string {
  return columns.map(({ width }) => width).join(" ");
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.findIndex((link) => link === event.target);
  const next = links[at + step];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Rows of one height, of which only those in view exist: a hundred thousand scroll like fifty. */
export function RowTable<T>(props: RowTableProps<T>): JSX.Element {
  const { list, columns, label } = props;
  const narrow = useNarrow();
  const shown = narrow ? columns.filter(({ wideOnly }) => wideOnly !== true) : columns;
  const gridTemplateColumns = template(shown);
  if (list.error !== null && list.error !== undefined && list.data === undefined) {
    return (
      <div className="row-table-note">
        <ErrorNote
          error={list.error}
          retry={list.refetch === undefined ? undefined : () => void list.refetch?.()}
        />
      </div>
    );
  }
  if (list.data?.length === 0) return <>{props.empty}</>;
  return (
    <div
      className="row-table"
      role="table"
      aria-label={label}
      aria-busy={list.data === undefined}
      aria-rowcount={list.hasNextPage === true ? -1 : (list.data?.length ?? -1)}
    >
      <div role="rowgroup">
        <div role="row" className="row-table-head" style={{ gridTemplateColumns }}>
          {shown.map(({ title, align }) => (
            <div key={title} role="columnheader" className={align === "end" ? "end clip" : "clip"}>
              {title}
            </div>
          ))}
        </div>
      </div>
      {list.data === undefined ? (
        <SkeletonRows columns={shown} gridTemplateColumns={gridTemplateColumns} />
      ) : (
        <VirtualRows {...props} rows={list.data} columns={shown} gridTemplateColumns={gridTemplateColumns} />
      )}
    </div>
  );
}

const NARROW = "(max-width: 720px)";

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const update = (): void => setNarrow(query.matches);
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return narrow;
}

function SkeletonRows<T>({
  columns,
  gridTemplateColumns,
}: {
  columns: readonly Column<T>[];
  gridTemplateColumns: string;
}): JSX.Element {
  return (
    <div role="rowgroup">
      {Array.from({ length: SKELETON_ROWS }, (_row, index) => (
        <div key={index} role="row" className="row-table-row" style={{ gridTemplateColumns }}>
          {columns.map(({ title }) => (
            <div key={title} role="cell">
              <Skeleton width="70%" height={14} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function VirtualRows<T>({
  rows,
  columns,
  gridTemplateColumns,
  list,
  rowKey,
  rowLink,
}: RowTableProps<T> & { rows: T[]; gridTemplateColumns: string }): JSX.Element {
  const body = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    setScrollMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage = false, isFetchingNextPage = false, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - AHEAD) void fetchNextPage?.();
  }, [hasNextPage, isFetchingNextPage, last, rows.length, fetchNextPage]);
  return (
    <div
      ref={body}
      role="rowgroup"
      className="row-table-body"
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={moveFocus}
    >
      {items.map(({ index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const link = rowLink?.(row);
        return (
          <div
            key={rowKey(row)}
            role="row"
            aria-rowindex={index + 2}
            className={link === undefined ? "row-table-row placed" : "row-table-row placed linked"}
            style={{ gridTemplateColumns, transform: `translateY(${start - scrollMargin}px)` }}
          >
            {columns.map(({ title, align, render }, at) => (
              <div key={title} role="cell" className={align === "end" ? "end clip" : "clip"}>
                {at === 0 && link !== undefined ? (
                  <Link {...link} className="row-table-link" data-row-link="">
                    {render(row)}
                  </Link>
                ) : (
                  render(row)
                )}
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}
