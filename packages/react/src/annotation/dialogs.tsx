"use client";
import { type JSX, type ReactNode, useState } from "react";
import type { KeyBinding } from "./use-keys.ts";

interface ModalProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A native dialog: it holds the focus, gives it back, and Esc closes it. */
function Modal({ title, onClose, children }: ModalProps): JSX.Element {
  return (
    <dialog
      className="als-dialog"
      aria-label={title}
      ref={(dialog) => {
        if (dialog !== null && !dialog.open) dialog.showModal();
      }}
      onClose={onClose}
    >
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

/** What each key does. */
export function KeySheet({
  bindings,
  onClose,
}: {
  bindings: readonly KeyBinding[];
  onClose: () => void;
}): JSX.Element {
  return (
    <Modal title="Keys" onClose={onClose}>
      <dl className="als-keys">
        {bindings.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="als-button" onClick={onClose}>
        Close
      </button>
    </Modal>
  );
}

/** Asks why a task is passed on: the next person reads it. */
export function DeferDialog({
  onClose,
  onDefer,
}: {
  onClose: () => void;
  onDefer: (reason: string) => void;
}): JSX.Element {
  const [reason, setReason] = useState("");
  return (
    <Modal title="Pass on to somebody else" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onDefer(reason.trim());
        }}
      >
        <label className="als-label">
          Why? Whoever comes next reads it.
          <textarea
            required
            maxLength={2000}
            rows={3}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <div className="als-decisions">
          <button type="submit" className="als-button als-primary" disabled={reason.trim() === ""}>
            Pass on
          </button>
          <button type="button" className="als-button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Modal>
  );
}
