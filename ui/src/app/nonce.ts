const tag = document.querySelector<HTMLElement>("meta[property=csp-nonce]");

/** The nonce that this page was sent with; rules of style without it are not applied. */
export const nonce = tag?.nonce ?? "";
