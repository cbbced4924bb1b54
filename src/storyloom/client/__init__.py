"""The client of a Storyloom server: `Client` waits, `AsyncClient` is awaited."""

from storyloom.client.clients import AsyncClient, Client

__all__ = ["AsyncClient", "Client"]
