"""What a Jupyter server says when the lessons can be read: one address, and how to end it. Loaded as its extension."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "tricknet.course.jupyter"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Jupyter itself would say two or three addresses, of which one may be wrong, unless the token is not its own."""
    server.identity_provider.token_generated = False


async def _start_jupyter_server_extension(server: Any) -> None:
    address = server.public_url.partition("?")[0]  # as `custom_display_url` has it, but without the token
    token = server.identity_provider.token
    print(f"\n    {address}{f'?token={token}' * bool(token)}\n\nClick this address. Ctrl-C ends it.", flush=True)
