"""Custom views in the page: their HTML made ready for a frame, and what a frame brings along.

A view's HTML is foreign: it runs in an ``<iframe sandbox="allow-scripts">`` that the page's own script puts together
(``page/assets/frames.js``). This package makes the HTML fit to live there, which keeps honest views free of errors;
that nothing leaves the frame is seen to by the sandbox, the policy and ``assets/frame.js``, not by this.
"""

from soarkit.render.frames.blocks import frame_blocks
from soarkit.render.frames.preparing import Prepared, prepare

__all__ = ["Prepared", "frame_blocks", "prepare"]
