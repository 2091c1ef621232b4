"""Where the frozen app begins."""

import sys

from desktop_chat.__main__ import main

sys.exit(main())
