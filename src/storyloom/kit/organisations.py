"""How organisations are named."""

DEFAULT_ORG = "default"
ORG_LENGTH = 128
ORG_LABEL = r"^[!-~]([ -~]*[!-~])?$"
