import { Component, type ReactNode } from "react";
import { FaultNote } from "@/shared/FaultNote";

type Props = { children: ReactNode };

/** Keeps a view that fails from taking the page with it. */
export class Trouble extends Component<Props, { error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    // A part of the page that is not there any more: the server was upgraded meanwhile.
    return <FaultNote error={this.state.error} retry={() => location.reload()} />;
  }
}
