"""The page of an observable: what enrichment transforms found about it, as one HTML file that needs no network.

It is made as reports are (:mod:`soarkit.render.page`): a fixed shell, JSON in script elements that run nothing, and our
script, which builds all that is seen from text.
"""

from soarkit.enrichments.page.contents import observable_page

__all__ = ["observable_page"]
