"""A process that arranges all conversations at once, again and again, until it is killed; for `test_killed_arranging.py`."""

import asyncio
import sys
from pathlib import Path

from desktop_chat.core.library import Library
from tests.core.homes import Home


async def arrange(library: Library, number: int) -> None:
    """Every one of these touches every conversation."""
    ids = [row.id for row in library.rows]
    old = [folder.id for folder in library.folders]
    library.move(ids, library.add_folder(f"folder {number}"))
    for folder_id in old:
        library.remove_folder(folder_id)
    library.tag(ids, f"tag {number}", True)
    library.tag(ids, f"tag {number - 1}", False)
    library.archive(ids, number % 2 == 0)
    library.pin(ids, number % 3 == 0)
    library.trash(ids)
    library.undo()
    library.redo()
    library.restore(ids)
    await library._saver.flush()


async def main(folder: Path) -> None:
    """Until the end of time."""
    async with Home(folder).library() as library:
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        library.restore([row.id for row in await library.trashed()])
        number = 0
        while True:
            number += 1
            await arrange(library, number)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
