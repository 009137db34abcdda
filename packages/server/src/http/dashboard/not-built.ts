/** What a browser gets at `/` while there are no built files. */
export const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Agent Learning System: the dashboard was not built</title>
<h1>The dashboard was not built</h1>
<p>The API at <code>/api/learning</code> works, and <a href="/openapi.json">/openapi.json</a> describes it.</p>
<p>To build the dashboard, run <code>npm run build</code> in the repository, then start the server again.</p>
</html>
`;
