import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@/app/global.css";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { nonce } from "@/app/nonce";
import { placeOf } from "@/app/places";

// Some libraries write rules of their own; the policy of the page lets in those that carry its nonce.
setNonce(nonce);
// While it is asked who looks, the view that is wanted is on its way.
placeOf(location.pathname)?.load();
const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
