import { readFileSync } from "node:fs";
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import { IdGenerator } from "@cucumber/messages";

/** A scenario with its examples filled in, and the steps of its background before its own. */
export interface Scenario {
  feature: string;
  name: string;
  steps: { text: string; table: Record<string, string>[] }[];
}

/** The first row of a table names the columns of the others. */
function tableOf(
  rows: readonly { cells: readonly { value: string }[] }[] | undefined,
): Record<string, string>[] {
  const [head, ...body] = (rows ?? []).map((row) => row.cells.map((cell) => cell.value));
  return body.map((cells) => Object.fromEntries((head ?? []).map((name, i) => [name, cells[i] ?? ""])));
}

/** Every scenario of a feature file. */
export function readScenarios(file: URL): Scenario[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  const document = parser.parse(readFileSync(file, "utf8"));
  return compile(document, file.pathname, newId).map((pickle) => ({
    feature: document.feature?.name ?? "",
    name: pickle.name,
    steps: pickle.steps.map((step) => ({
      text: step.text,
      table: tableOf(step.argument?.dataTable?.rows),
    })),
  }));
}

export type StepDefinition<World> = readonly [
  pattern: RegExp,
  run: (world: World, values: string[], table: Record<string, string>[]) => Promise<void> | void,
];

/** Runs the steps in order; a step that no definition, or more than one, matches is an error. */
export async function runScenario<World>(
  scenario: Scenario,
  definitions: readonly StepDefinition<World>[],
  world: World,
): Promise<void> {
  for (const { text, table } of scenario.steps) {
    const matches = definitions.flatMap(([pattern, run]) => {
      const match = pattern.exec(text);
      return match === null ? [] : [{ run, values: match.slice(1) }];
    });
    const [only] = matches;
    if (only === undefined || matches.length > 1)
      throw new Error(`${matches.length} definitions of the step: ${text}`);
    await only.run(world, only.values, table);
  }
}
