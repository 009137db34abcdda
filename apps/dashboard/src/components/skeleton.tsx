import type { JSX } from "react";
import "./skeleton.css";

/** A grey block of the size of what is coming, so that nothing moves when it comes. */
export function Skeleton({
  width = "100%",
  height = 20,
}: {
  width?: number | string;
  height?: number | string;
}): JSX.Element {
  return <span className="skeleton" style={{ width, height }} aria-hidden="true" />;
}

/** Lines of text to come. */
export function SkeletonText({ lines = 3 }: { lines?: number }): JSX.Element {
  return (
    <span className="stack-tight" aria-hidden="true">
      {Array.from({ length: lines }, (_line, index) => (
        <Skeleton key={index} width={index === lines - 1 ? "60%" : "100%"} height={16} />
      ))}
    </span>
  );
}
