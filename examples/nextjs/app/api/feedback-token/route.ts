/** Mints a feedback token for the signed-in user. Check here that this user may judge this execution. */
export async function POST(request: Request): Promise<Response> {
  const { executionId } = (await request.json()) as { executionId: string };
  const userId = "user-1"; // From your session.
  const response = await fetch(
    `${process.env.LEARNING_URL ?? "http://127.0.0.1:8000"}/api/learning/feedback-tokens`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${process.env.LEARNING_KEY}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ agent_id: "my-agent", execution_id: executionId, user_id: userId }),
    },
  );
  return new Response(response.body, {
    status: response.status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
