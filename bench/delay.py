"""A loopback proxy that adds a delay to every storage call, as a network would.

python -m bench.delay PORT TARGET_PORT SECONDS
"""

import asyncio
import sys


async def main(port: int, target: int, seconds: float) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", target)
        answers = asyncio.create_task(copy(there, writer, 0))
        await copy(reader, back, seconds)
        await answers

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


async def copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Passes on what comes; a request arrives in one piece on loopback."""
    while data := await reader.read(1 << 20):
        await asyncio.sleep(seconds)
        writer.write(data)
        await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
