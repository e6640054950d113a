"""Record an app's HTTP exchanges into one file, and answer the app from that file later.

Runs in the app's own process (Python 3.9 or newer) on vcrpy 7, 8 or 9, which must be importable; the recorder
folder of the app's interpreter holds it. What vcrpy does here is to stand in for the HTTP libraries (``requests``,
``urllib3``, ``http.client``, ``urllib``, ``httpx``, ``aiohttp``, ``botocore``). What is kept, how it is masked, how a
request finds its answer and how the file looks is this package's.

============== ==========================================================================
``recording``  :class:`Recording`: start, stop, problems
``tapes``      what is kept while recording, and what answers in a replay
``cassette``   the same for vcrpy
``exchange``   one request with its response, as plain data
``secrets``    the known secrets, found in every written form
``escapes``    these forms
``pieces``     what else of a known secret is left
``names``      which names and values say credential
``places``     credentials found in the exchanges themselves
``bodies``     the same in bodies
``masking``    exchanges without secrets
``own``        the app's own platform, which is left out
``matching``   whether a request is the recorded one
``storage``    the file
``network``    what a replay refuses: sockets and name look-ups
============== ==========================================================================
"""

from __future__ import annotations

from .recording import Recording
from .tapes import UnknownRequest

__all__ = ["Recording", "UnknownRequest"]
