import { useLearningClient } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { DatasetDetail } from "../../api/types.ts";
import { toastError } from "../../components/toast.tsx";
import { saveFile } from "../../save-file.ts";

const FORMATS = [
  ["jsonl", "JSON lines, everything"],
  ["chat", "Chat, for fine-tuning"],
  ["sharegpt", "ShareGPT"],
  ["preference", "Preference pairs"],
  ["kto", "KTO"],
  ["parquet", "Parquet, everything"],
] as const;

/** Saves a frozen dataset in the format that is chosen. */
export function ExportDataset({ dataset }: { dataset: DatasetDetail }): JSX.Element {
  const client = useLearningClient();
  const [busy, setBusy] = useState(false);
  const save = async (format: string): Promise<void> => {
    setBusy(true);
    try {
      const ending = format === "parquet" ? "parquet" : "jsonl";
      saveFile(
        `${dataset.name}-${dataset.version}-${format}.${ending}`,
        await client.blob(`/datasets/${encodeURIComponent(dataset.id)}/export?format=${format}`),
      );
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <select
      className="button-select"
      aria-label="Export"
      disabled={busy}
      value=""
      onChange={(event) => void save(event.target.value)}
    >
      <option value="">{busy ? "Exporting …" : "Export …"}</option>
      {FORMATS.map(([format, text]) => (
        <option key={format} value={format}>
          {text}
        </option>
      ))}
    </select>
  );
}
