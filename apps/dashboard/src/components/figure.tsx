import { Link, type LinkProps } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import { Skeleton } from "./skeleton.tsx";
import "./figure.css";

interface FigureProps {
  label: string;
  /** Undefined while it is loading. */
  value: ReactNode | undefined;
  /** Under the number: n, interval, change. */
  detail?: ReactNode;
  /** The rows behind the number. */
  to?: LinkProps;
}

/** A number with its name; it leads to its rows. */
export function Figure({ label, value, detail, to }: FigureProps): JSX.Element {
  const content = (
    <>
      <span className="figure-label">{label}</span>
      <span className="figure-value">
        {value === undefined ? <Skeleton width={72} height={32} /> : value}
      </span>
      <span className="figure-detail">{detail ?? " "}</span>
    </>
  );
  return to === undefined ? (
    <div className="figure">{content}</div>
  ) : (
    <Link {...to} className="figure figure-link">
      {content}
    </Link>
  );
}

/** Numbers side by side. */
export function Figures({ children }: { children: ReactNode }): JSX.Element {
  return <div className="figures">{children}</div>;
}
