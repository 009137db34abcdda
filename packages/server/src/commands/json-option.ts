/** What --json does, said alike by every command that has it. */
export const JSON_OPTION = "print results as JSON on standard output; logs go to standard error";
