/** Whether what answered with this HTTP status may answer otherwise a moment later. */
export function mayPass(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status);
}
