import { useCreateTrainingRun } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { Field } from "../../components/field.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import "./fine-tuning.css";
import { DatasetField } from "./dataset-field.tsx";

type TrainingType = "supervised_fine_tuning" | "dpo" | "rlhf";

/** Ways to train, with the type of run and the method that each is on the wire. */
const WAYS = {
  sft: ["Approved answers (SFT)", "supervised_fine_tuning"],
  dpo: ["Preferred against rejected answers (DPO)", "dpo"],
  kto: ["Thumbs up and down (KTO)", "dpo"],
  reward: ["A reward model from preferences", "rlhf"],
} as const satisfies Record<string, readonly [string, TrainingType]>;
type Way = keyof typeof WAYS;

const BACKENDS = {
  trl: "Beside this server (TRL, LoRA)",
  ray: "In a Ray cluster (TRL, LoRA)",
  openai: "At the model’s endpoint",
  context: "None: demonstrations, no weights",
} as const;
type Backend = keyof typeof BACKENDS;

/** A draft of a run; nothing is trained before it is started. */
export function FineTuningDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateTrainingRun();
  const [name, setName] = useState(`${agent.slug}: fine-tuning`);
  const [datasetId, setDatasetId] = useState("");
  const [backend, setBackend] = useState<Backend>("trl");
  const [way, setWay] = useState<Way>("sft");
  const [epochs, setEpochs] = useState("");
  const [learningRate, setLearningRate] = useState("");
  const [rank, setRank] = useState("8");
  const chosen: Way = backend === "context" ? "sft" : way;
  const submit = (): void =>
    create.mutate(
      {
        name,
        agentId: agent.slug,
        datasetId: datasetId === "" ? undefined : datasetId,
        trainingType: WAYS[chosen][1],
        config: { backend, method: chosen },
        hyperparameters:
          backend === "context"
            ? undefined
            : {
                lora_r: Number(rank),
                ...(epochs === "" ? {} : { epochs: Number(epochs) }),
                ...(learningRate === "" ? {} : { learning_rate: Number(learningRate) }),
              },
      },
      { onSuccess: ({ id }) => void navigate({ to: "/runs/$runId", params: { runId: id } }) },
    );
  return (
    <FormDialog
      title="Draft a fine-tuning"
      verb="Draft it"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            data-first=""
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <DatasetField
        agent={agent.slug}
        value={datasetId}
        onChange={setDatasetId}
        none="Choose"
        help="Frozen, so that what was trained on stays what it was."
        required
      />
      <div className="fine-tuning-fields">
        <Field label="Trainer">
          {(id) => (
            <select id={id} value={backend} onChange={(event) => setBackend(event.target.value as Backend)}>
              {Object.entries(BACKENDS).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        {backend === "context" ? null : (
          <>
            <Field label="Learns from">
              {(id) => (
                <select id={id} value={way} onChange={(event) => setWay(event.target.value as Way)}>
                  {Object.entries(WAYS).map(([value, [words]]) => (
                    <option key={value} value={value}>
                      {words}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label="Passes over the data" help="Empty: the method’s own.">
              {(id) => (
                <input
                  id={id}
                  type="number"
                  min={0.01}
                  max={100}
                  step="any"
                  value={epochs}
                  onChange={(event) => setEpochs(event.target.value)}
                />
              )}
            </Field>
            <Field label="Learning rate" help="Empty: the method’s own.">
              {(id) => (
                <input
                  id={id}
                  type="number"
                  min={0}
                  max={1}
                  step="any"
                  value={learningRate}
                  onChange={(event) => setLearningRate(event.target.value)}
                />
              )}
            </Field>
            <Field label="LoRA rank">
              {(id) => (
                <input
                  id={id}
                  type="number"
                  min={1}
                  max={1_024}
                  required
                  value={rank}
                  onChange={(event) => setRank(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
      </div>
      <p className="small soft">
        Nothing is trained yet: the draft says what it would take and what is in its way. Who drafts or starts
        a run does not review it.
      </p>
    </FormDialog>
  );
}
