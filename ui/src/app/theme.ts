import {
  Anchor,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
  Switch,
} from "@mantine/core";

// The colours of the boards: night, its blue, and the amber of what counts.
const blue: MantineColorsTuple = [
  "#eef3ff",
  "#dbe4fb",
  "#b3c6f6",
  "#89a6f2",
  "#668bee",
  "#4f79ec",
  "#1f4fd8",
  "#1d46bd",
  "#183b9e",
  "#12235c",
];
const amber: MantineColorsTuple = [
  "#fff8e6",
  "#ffefcc",
  "#ffdf9b",
  "#ffcd64",
  "#ffb938",
  "#ffb01a",
  "#e69a00",
  "#b37700",
  "#8f5f00",
  "#6b4700",
];
const dark: MantineColorsTuple = [
  "#e6eaf5",
  "#c3cbe0",
  "#a3aecb",
  "#7f8cb0",
  "#3a4770",
  "#2b3760",
  "#1b2547",
  "#111a38",
  "#0c132b",
  "#080d20",
];

export const theme: MantineThemeOverride = createTheme({
  colors: { blue, amber, dark },
  primaryColor: "blue",
  primaryShade: 6,
  autoContrast: true,

  fontFamily: "var(--font)",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: "always" } }),
    // Named as what they are; plain objects, so that views load what they use.
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        // The page has a header already.
        attributes: { header: { role: "presentation" } },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    ColorPicker: { defaultProps: { saturationLabel: "Saturation and lightness", hueLabel: "Hue" } },
    // What is said beside it is broken where a phone ends.
    Switch: Switch.extend({ styles: { labelWrapper: { minWidth: 0, flex: 1 } } }),
  },
});

/** What is written small or in colour is dark enough to be read: 4.5 to 1 at least. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#556070",
    "--mantine-color-placeholder": "#667085",
    "--mantine-color-error": "#c01f1f",
    "--mantine-color-red-light-color": "#a61b1b",
    "--mantine-color-teal-light-color": "#066649",
    "--mantine-color-amber-light-color": "#7a5100",
    "--mantine-color-orange-light-color": "#8f3d00",
    "--mantine-color-gray-light-color": "#475063",
    "--mantine-color-anchor": "#1d46bd",
  },
  dark: {
    // White is read on it, and it is seen on the night.
    "--mantine-color-blue-filled": "#4169e1",
    "--mantine-color-blue-filled-hover": "#3a5fd0",
    // Where one is, and what may be pressed: lighter than the night, and words on it are read.
    "--mantine-color-blue-light": "rgba(102, 139, 238, 0.22)",
    "--mantine-color-blue-light-hover": "rgba(102, 139, 238, 0.3)",
    "--mantine-color-blue-light-color": "#b3c6f6",
    "--mantine-color-dimmed": "#a3aecb",
    "--mantine-color-placeholder": "#94a0c0",
    "--mantine-color-anchor": "#89a6f2",
    "--mantine-color-error": "#ff8787",
  },
});
