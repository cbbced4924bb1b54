import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusBack } from "@/shared/useFocusBack";

type Props = {
  title: string;
  /** Whether it shows what is not shown again. */
  isOnce: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that a click beside it and Escape close, and not while something is shown this once. */
export function OnceDialog({ title, isOnce, onClose, children }: Props) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={!isOnce}
      closeOnEscape={!isOnce}
      withCloseButton={!isOnce}
    >
      {children}
    </Modal>
  );
}
