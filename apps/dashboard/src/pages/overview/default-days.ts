/** Days that the overview is about unless the address says otherwise. */
export const DEFAULT_DAYS = 30;
