export { decodeCursor, encodeCursor, type TimeCursor, toPage } from "./cursor.ts";
export { assertVersion, entityTag, readIfMatch, requireIfMatch } from "./if-match.ts";
export { conflict, notFound, ProblemError, unprocessable } from "./problem-error.ts";
export { parseJsonBody } from "./read-body.ts";
export { type Answer, defineFreeRoute, definePublicRoute, defineRoute, type Route } from "./route.ts";
export { type ServerEvent, streamEvents } from "./stream-events.ts";
