"""NVIDIA: what nvidia-smi tells of the GPUs of this machine."""
