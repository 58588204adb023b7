# SPDX-License-Identifier: MIT
"""Independent clients for tests of voicecast: aiohttp for signalling and HTTP, aiortc for WebRTC.

`Studio` opens them on a running `Server` and closes them again; the other modules are its parts.
"""

from . import loopback

loopback.keep_ice_on_loopback()
