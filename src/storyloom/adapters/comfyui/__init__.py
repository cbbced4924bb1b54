"""ComfyUI: workflows as files, its HTTP API, its WebSocket, and its history."""
