import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** What a page did that no page may do, a line for each. */
export interface Watched {
  context: BrowserContext;
  page: Page;
  /** Dialogs, requests to other addresses, errors of the page, violations of the content policy. */
  offences: string[];
}

/** Answers that a page may get: what it asks for that is not there, and what it may not have. */
const EXPECTED_STATUS = /status of (401|403|404|409|412|422|503)/;

/** A page that is watched; signed in when there is a key. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { key?: string } = {},
): Promise<Watched> {
  const { key, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
  const offences: string[] = [];
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      reportError(new Error(`POLICY ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
  });
  if (key !== undefined)
    await context.addInitScript((value) => sessionStorage.setItem("agent-learning.key", value), key);
  context.on("request", (request) => {
    if (!request.url().startsWith(url)) offences.push(`asked ${request.url()}`);
  });
  const page = await context.newPage();
  page.on("dialog", (dialog) => {
    offences.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => offences.push(`error ${String(error)}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED_STATUS.test(message.text()))
      offences.push(`console ${message.text()}`);
  });
  return { context, page, offences };
}
